import { analyse, known } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.ts';

/** The unit of each function, by label. */
function units(text: string): Record<string, string | undefined> {
  const machine = simulate(text);
  const { coverage } = analyse(machine.facts()).replay;
  return Object.fromEntries(machine.functions.map((f, i) => [f.label, coverage.units[coverage.unitOf(i)]?.name]));
}

describe('the DMAR table', () => {
  it('has one unit for all, and others for what the description names', () => {
    expect(units('vtd; gpu; rp -> nvme')).toEqual({ gpu: 'vtd0', rp: 'vtd0', nvme: 'vtd0' });
    expect(units('vtd; gpu[unit=1]; rp[unit=2] -> nvme; usb; rp')).toEqual({
      gpu: 'vtd0',
      rp: 'vtd1',
      nvme: 'vtd1',
      usb: 'vtd2',
      rp2: 'vtd2',
    });
  });

  it('names all others where some are to have no unit', () => {
    expect(units('vtd; gpu[unit=none]; rp -> nvme; bridge[unit=none] -> sound')).toEqual({
      gpu: undefined,
      rp: 'vtd0',
      nvme: 'vtd0',
      bridge: undefined,
      sound: undefined,
    });
  });

  it('has units for each segment', () => {
    expect(units('vtd; nvme; @0001:00; nic; @0002:00; usb[unit=none]')).toEqual({
      nvme: 'vtd0',
      nic: 'vtd1',
      usb: undefined,
    });
  });

  it('tells whether interrupts can be remapped, and of memory that firmware shares', () => {
    const dmar = known(simulate('vtd; rp -> switch(dsp -> usb[rmrr]); @0001:00; gpu[rmrr]').firmware.dmar);
    expect(dmar).toMatchObject({ usable: true, interruptRemapping: true });
    expect(dmar?.rmrrs).toMatchObject([
      {
        segment: 0,
        scopes: [{ type: 1, startBus: 0, path: [{ device: 1 }, { device: 0 }, { device: 0 }, { device: 0 }] }],
      },
      { segment: 1, scopes: [{ type: 1, path: [{ device: 1, function: 0 }] }] },
    ]);
    const [first, second] = dmar?.rmrrs ?? [];
    expect(first && second && second.limit < first.base).toBe(true);
    expect(known(simulate('vtd[intremap=off]; nvme').firmware.dmar)?.interruptRemapping).toBe(false);
  });
});

describe('the IVRS table', () => {
  it('has one unit for all, and others for what the description names', () => {
    expect(units('amdvi; gpu; rp -> nvme')).toEqual({ gpu: 'amdvi0', rp: 'amdvi0', nvme: 'amdvi0' });
    expect(units('amdvi; gpu[unit=none]; rp[unit=1] -> nic[vfs=2]; usb')).toEqual({
      gpu: undefined,
      rp: 'amdvi0',
      nic: 'amdvi0',
      'nic-vf0': 'amdvi0',
      'nic-vf1': 'amdvi0',
      usb: 'amdvi1',
    });
  });

  it('covers virtual functions that are switched on later', () => {
    const machine = simulate('amdvi; gpu[unit=none]; nic[vfs=0/2@64/1]');
    machine.setVirtualFunctions('nic', 2);
    const { coverage } = analyse(machine.facts()).replay;
    const uncovered = machine.functions.filter((_, i) => coverage.unitOf(i) < 0);
    expect(uncovered.map((f) => f.label)).toEqual(['gpu']);
  });

  it('has a unity map for memory that firmware shares', () => {
    const ivrs = known(simulate('amdvi; rp -> usb[rmrr]; @0001:00; gpu[rmrr]').firmware.ivrs);
    expect(ivrs).toMatchObject({
      usable: true,
      ivmds: [
        { segment: 0, first: 0x0100, last: 0x0100, unityMap: true },
        { segment: 1, first: 0x0008, last: 0x0008, unityMap: true },
      ],
    });
  });

  it('puts the IOMMU where no function is', () => {
    const ivrs = known(simulate('amdvi; {host, usb, usb, usb}; nvme').firmware.ivrs);
    expect(ivrs?.ivhds.map((block) => block.deviceId)).toEqual([4]);
  });
});

describe('other tables', () => {
  it('give every segment its configuration space in memory', () => {
    const mcfg = known(simulate('nvme; @0003:00; nic').firmware.mcfg);
    expect(mcfg?.windows).toMatchObject([{ segment: 0 }, { segment: 3 }]);
    expect(new Set(mcfg?.windows.map((w) => w.base)).size).toBe(2);
  });

  it('are not there where the machine has no use for them', () => {
    expect(simulate('conventional; sound').firmware).toMatchObject({ mcfg: null, dmar: null, ivrs: null, iort: null });
  });
});
