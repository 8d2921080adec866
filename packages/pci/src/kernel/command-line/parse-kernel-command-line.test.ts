import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unknown } from '../../facts/fact.ts';
import { formatDeviceSelector } from './device-selector.ts';
import { parseKernelCommandLine } from './parse-kernel-command-line.ts';
import { honoursPcieAcsOverride } from './pcie-acs-override.ts';

const parse = parseKernelCommandLine;
const messages = (text: string): readonly string[] => parse(text).diagnostics.map((d) => d.message);

describe('parseKernelCommandLine', () => {
  it('says nothing of an empty line', () => {
    const options = parse('');
    expect(options.intelIommu).toMatchObject({ on: false, off: false, igfxOff: false });
    expect(options.iommu).toEqual({ off: false, force: false, soft: false });
    expect(options.pci).toMatchObject({ disableAcsRedir: [], configAcs: [], bfsort: false, breadthFirst: undefined });
    expect(options.pcieAcsOverride).toBeUndefined();
    expect(options.diagnostics).toEqual([]);
  });

  it('reads intel_iommu, the last word deciding', () => {
    expect(parse('intel_iommu=on,igfx_off,strict,sm_off').intelIommu).toEqual({
      on: true,
      off: false,
      igfxOff: true,
      strict: true,
      superpageOff: false,
      scalableMode: false,
      tbootNoForce: false,
    });
    expect(parse('intel_iommu=on,off').intelIommu).toMatchObject({ on: false, off: true });
    expect(parse('intel-iommu=off intel_iommu=on,,sm_on').intelIommu).toMatchObject({ off: false, scalableMode: true });
    expect(messages('intel_iommu=on,igfx')).toEqual([
      'intel_iommu=on,igfx: "igfx" is no option of intel_iommu=; the kernel ignores it',
    ]);
  });

  it('reads amd_iommu, which has no "on"', () => {
    expect(parse('amd_iommu=off,force_enable').amdIommu).toMatchObject({ off: true, forceEnable: true });
    expect(parse('amd_iommu=fullflush,force_isolation').amdIommu).toMatchObject({
      fullFlush: true,
      forceIsolation: true,
    });
    expect(parse('amd_iommu=pgtbl_v1').diagnostics).toEqual([]);
    expect(messages('amd_iommu=on')).toHaveLength(1);
    expect(parse('amd_iommu=on').amdIommu.off).toBe(false);
  });

  it('reads iommu and its dotted kin', () => {
    expect(parse('iommu=off').iommu.off).toBe(true);
    expect(parse('iommu=soft,force').iommu).toEqual({ off: false, force: true, soft: true });
    expect(parse('iommu=pt').iommuPassthrough).toBe(true);
    expect(parse('iommu=pt iommu.passthrough=0').iommuPassthrough).toBe(false);
    expect(parse('iommu=nopt').iommuPassthrough).toBe(false);
    expect(parse('iommu.strict=1').iommuStrict).toBe(true);
    expect(messages('iommu.strict=perhaps')).toHaveLength(1);
    expect(parse('iommu=nobounce').iommuPassthrough).toBeUndefined();
  });

  it('reads interrupt remapping', () => {
    expect(parse('intremap=off').intremap.off).toBe(true);
    expect(parse('nointremap').intremap.off).toBe(true);
    expect(parse('intremap=off,on').intremap.off).toBe(false);
    expect(parse('intremap=nosid,no_x2apic_optout').intremap).toEqual({
      off: false,
      noSourceId: true,
      noX2apicOptOut: true,
    });
  });

  it('reads pci', () => {
    const { pci } = parse('pci=noats,noari,pcie_scan_all,nommconf,bfsort,realloc=on');
    expect(pci).toMatchObject({ noAts: true, noAri: true, pcieScanAll: true, noMmConfig: true, bfsort: true });
    expect(parse('pci=bfsort pci=nobfsort').pci).toMatchObject({ bfsort: false, breadthFirst: false });
  });

  it('reads devices separated by semicolons', () => {
    const { pci, diagnostics } = parse('pci=noats,disable_acs_redir=pci:1b36:000c;0000:00:1c.0/00.0;,noari');
    expect(pci.disableAcsRedir.map(formatDeviceSelector)).toEqual(['pci:1b36:000c', '0000:00:1c.0/00.0']);
    expect(pci).toMatchObject({ noAts: true, noAri: true });
    expect(diagnostics).toEqual([]);
    const acs = parse('pci=config_acs=1x@00:1c.0;0@pci:0:0').pci.configAcs;
    expect(acs.map(({ mask, flags }) => [mask, flags])).toEqual([
      [2, 2],
      [1, 0],
    ]);
  });

  it('ends a list of devices at a comma, and tells so', () => {
    const { pci } = parse('pci=disable_acs_redir=00:1c.0,00:1d.0');
    expect(pci.disableAcsRedir.map(formatDeviceSelector)).toEqual(['0000:00:1c.0']);
    expect(messages('pci=disable_acs_redir=00:1c.0,00:1d.0')).toEqual([
      expect.stringContaining('"00:1d.0" stands alone'),
    ]);
    expect(messages('pci=config_acs=1@00:1c.0,1@00:1d.0')).toEqual([expect.stringContaining('stands alone')]);
  });

  it('stops at what is no device, as the kernel does', () => {
    const text = 'quiet pci=disable_acs_redir=00:1c.0;everything;00:1d.0';
    expect(parse(text).pci.disableAcsRedir).toHaveLength(1);
    expect(parse(text).diagnostics).toEqual([
      expect.objectContaining({ file: 'proc/cmdline', offset: 6, message: expect.stringContaining('"everything"') }),
    ]);
    expect(messages('pci=config_acs=00:1c.0')).toHaveLength(1);
    expect(messages('pci=disable_acs_redir=')).toHaveLength(1);
  });

  it('takes the last of repeated lists', () => {
    const { pci } = parse('pci=disable_acs_redir=00:1c.0 pci=disable_acs_redir=00:1d.0');
    expect(pci.disableAcsRedir.map(formatDeviceSelector)).toEqual(['0000:00:1d.0']);
  });

  it('reads pcie_acs_override, adding up', () => {
    expect(parse('pcie_acs_override=downstream pcie_acs_override=multifunction,id:8086:1c10').pcieAcsOverride).toEqual({
      downstream: true,
      multifunction: true,
      ids: [{ vendor: 0x8086, device: 0x1c10 }],
    });
    expect(messages('pcie_acs_override=all')).toHaveLength(1);
    const many = `pcie_acs_override=${Array.from({ length: 16 }, (_, i) => `id:8086:${1000 + i}`).join(',')}`;
    expect(parse(many).pcieAcsOverride?.ids).toHaveLength(15);
    expect(messages(many)).toHaveLength(1);
  });

  it('reads corrections to IVRS in both spellings', () => {
    const { ivrs, diagnostics } = parse(
      'ivrs_ioapic[32]=00:14.0 ivrs_ioapic=10@0001:00:00.1 ivrs_hpet[0]=00:14.0 ivrs_acpihid[00:14.5]=AMD0020:0 ' +
        'ivrs_acpihid=AMDI0040:ID1@0000:00:14.6',
    );
    expect(ivrs.ioapic).toEqual([
      { id: 32, address: { segment: 0, bus: 0, devfn: 0xa0 } },
      { id: 10, address: { segment: 1, bus: 0, devfn: 1 } },
    ]);
    expect(ivrs.hpet).toHaveLength(1);
    expect(ivrs.acpiHid).toEqual([
      { hid: 'AMD0020', uid: '0', address: { segment: 0, bus: 0, devfn: 0xa5 } },
      { hid: 'AMDI0040', uid: 'ID1', address: { segment: 0, bus: 0, devfn: 0xa6 } },
    ]);
    expect(diagnostics).toEqual([]);
    expect(messages('ivrs_ioapic=32 ivrs_hpet[x]=00:14.0 ivrs_acpihid=@00:14.0 ivrs_ioapic')).toHaveLength(4);
    expect(messages('ivrs_other=1')).toEqual([]);
  });

  it('reads the switches of vfio, iommufd and arm-smmu', () => {
    const options = parse('vfio_iommu_type1.allow_unsafe_interrupts=1 arm-smmu.disable_bypass=n');
    expect(options.unsafeInterrupts).toEqual({ vfioType1: true, iommufd: false });
    expect(options.smmuDisableBypass).toBe(false);
    expect(parse('iommufd.allow_unsafe_interrupts').unsafeInterrupts.iommufd).toBe(true);
    expect(parse('vfio.enable_unsafe_noiommu_mode=Y').unsafeNoIommu).toBe(true);
  });

  it('tells a parameter without its value', () => {
    expect(messages('intel_iommu')).toEqual([expect.stringContaining('no value')]);
    expect(messages('quiet splash')).toEqual([]);
  });

  it('leaves what is for init alone', () => {
    expect(parse('quiet -- intel_iommu=off').intelIommu.off).toBe(false);
  });

  it('reads any text', () => {
    const parts = fc.constantFrom(
      ...[
        'pci=',
        'disable_acs_redir=',
        'config_acs=',
        'intel_iommu=',
        'iommu=',
        'ivrs_ioapic',
        'ivrs_acpihid',
        '__proto__=',
      ],
      ...[
        'pcie_acs_override=',
        'id:',
        '00:1c.0',
        'pci:8086:',
        '1x0',
        '@',
        ';',
        ',',
        '"',
        ' ',
        '=',
        '[',
        ']',
        '--',
        'constructor',
      ],
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(fc.oneof(parts, fc.string({ maxLength: 3 }))).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const options = parse(text);
        expect(Object.isFrozen(options) && Object.isFrozen(options.pci) && Object.isFrozen(options.ivrs.ioapic)).toBe(
          true,
        );
        for (const d of options.diagnostics) expect(d.offset).toBeLessThan(text.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('honoursPcieAcsOverride', () => {
  it('goes by what the kernel says of the parameter', () => {
    expect(honoursPcieAcsOverride(['Warning: PCIe ACS overrides enabled; This may allow peer-to-peer DMA'])).toBe(true);
    expect(honoursPcieAcsOverride(['Unknown kernel command line parameters "pcie_acs_override=downstream", …'])).toBe(
      false,
    );
    expect(honoursPcieAcsOverride(['Linux version 6.12'])).toBeUndefined();
    expect(honoursPcieAcsOverride(unknown('no permission', 'run as root'))).toBeUndefined();
  });
});
