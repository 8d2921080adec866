import { parseKernelRelease, unknown } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { driverVerdict, viabilityRule } from './viability.ts';

const ENDPOINT = 0;
const BRIDGE = 1;

describe('the rule by kernel', () => {
  it.each([
    ['5.15.0', 'header-type'],
    ['5.18.19', 'header-type'],
    ['5.19.0', 'owners'],
    ['6.1.0-56-amd64', 'owners'],
    ['7.3.4', 'owners'],
  ])('%s: %s', (release, rule) => {
    expect(viabilityRule(parseKernelRelease(release))).toBe(rule);
  });
});

describe('a driver that keeps its DMA to itself', () => {
  it.each(['nvme', 'snd_hda_intel', 'xhci_hcd', 'i915'])('%s blocks', (driver) => {
    expect(driverVerdict(driver, ENDPOINT, 'owners').blocks).toBe('yes');
    expect(driverVerdict(driver, ENDPOINT, 'header-type').blocks).toBe('yes');
  });
});

describe('a driver that leaves DMA to others', () => {
  it.each(['vfio-pci', 'mlx5_vfio_pci', 'hisi-acc-vfio-pci', 'nvgrace-gpu-vfio-pci', 'vfio-platform', 'pci-stub'])(
    '%s does not block',
    (driver) => {
      expect(driverVerdict(driver, ENDPOINT, 'owners').blocks).toBe('no');
      expect(driverVerdict(driver, ENDPOINT, 'header-type').blocks).toBe('no');
    },
  );

  it('is not recognised by a part of a word', () => {
    expect(driverVerdict('notvfiopci', ENDPOINT, 'owners').blocks).toBe('yes');
  });
});

describe('a bridge', () => {
  it('is harmless with pcieport under both rules', () => {
    expect(driverVerdict('pcieport', BRIDGE, 'owners').blocks).toBe('no');
    expect(driverVerdict('pcieport', BRIDGE, 'header-type').blocks).toBe('no');
  });

  it('is harmless whatever its driver before 5.19, and blocks since', () => {
    expect(driverVerdict('shpchp', BRIDGE, 'header-type').blocks).toBe('no');
    const since = driverVerdict('shpchp', BRIDGE, 'owners');
    expect(since.blocks).toBe('yes');
    expect(since.because).toContain('shpchp');
  });
});

describe('what is not known', () => {
  const why = unknown('the text does not tell', 'lspci -k');

  it('is undecided', () => {
    expect(driverVerdict(why, ENDPOINT, 'owners')).toMatchObject({ blocks: 'undecided' });
    expect(driverVerdict('nvme', why, 'header-type')).toMatchObject({ blocks: 'undecided' });
  });

  it('is not the same as no driver', () => {
    expect(driverVerdict(null, why, 'header-type').blocks).toBe('no');
  });
});

it('a device that is no PCI function blocks with any driver of its own', () => {
  expect(driverVerdict('arm-smmu-test', undefined, 'header-type').blocks).toBe('yes');
  expect(driverVerdict('vfio-platform', undefined, 'header-type').blocks).toBe('no');
});
