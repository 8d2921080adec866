import { known } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { at, messages, parentOf, parse } from './testing/parse-sample.ts';
import { SAMPLE_LISTING } from './testing/sample-listing.ts';

describe('how machines hang together', () => {
  const bridge = (slot: string, bus: string): string =>
    `${slot} PCI bridge [0604]: Alder Works Bridge [Fast] [10a0:0002]\n\tFlags: fast devsel\n\tBus: primary=00, ${bus}, sec-latency=0\n\n`;
  const device = (slot: string): string =>
    `${slot} Ethernet controller [0200]: Device [1e0f:0001]\n\tFlags: fast devsel\n\n`;

  it('nests bridges and keeps segments apart', () => {
    const machine = parse(
      bridge('0000:00:01.0', 'secondary=01, subordinate=05') +
        bridge('0000:01:00.0', 'secondary=02, subordinate=03') +
        device('0000:02:00.0') +
        device('0001:02:00.0'),
    );
    expect(parentOf(machine, '0000:02:00.0')).toBe('0000:01:00.0');
    expect(parentOf(machine, '0000:01:00.0')).toBe('0000:00:01.0');
    expect(parentOf(machine, '0001:02:00.0')).toBeNull();
  });

  it('takes the innermost range where no bridge leads to a bus, and says so', () => {
    const machine = parse(
      bridge('00:01.0', 'secondary=01, subordinate=05') +
        bridge('01:00.0', 'secondary=02, subordinate=04') +
        device('03:00.0'),
    );
    expect(parentOf(machine, '0000:03:00.0')).toBe('0000:01:00.0');
    expect(messages(machine)).toEqual([expect.stringContaining('no listed bridge leads to its bus')]);
  });

  it('takes a bus that nothing leads to as a root bus', () => {
    const machine = parse(bridge('00:01.0', 'secondary=01, subordinate=01') + device('80:00.0'));
    expect(machine.rootBuses).toEqual([
      { segment: 0, bus: 0 },
      { segment: 0, bus: 0x80 },
    ]);
    expect(messages(machine)).toEqual([]);
  });

  it('knows that a PCI Express endpoint has a port above it, and says when that was cut away', () => {
    const express = (slot: string, type: string): string =>
      `${device(slot).trimEnd()}\n\tCapabilities: [40] Express (v2) ${type}, MSI 00\n\n`;
    const alone = parse(express('01:00.0', 'Endpoint') + express('02:00.0', 'Endpoint'));
    expect(messages(alone)).toEqual([
      expect.stringContaining('the bridge above bus 0000:01, 0000:02 is not in the text'),
    ]);
    // A guest's own bus 0 has no ports, and what is integrated into the root complex needs none.
    const apart = parse(express('00:03.0', 'Endpoint') + express('80:04.0', 'Root Complex Integrated Endpoint'));
    expect(messages(apart)).toEqual([]);
  });

  it('reads the paths of -PP and -P', () => {
    const full = parse(
      '00:1c.0 PCI bridge [0604]: Device [10a0:0002]\n00:1c.0/02:00.0 Ethernet controller [0200]: Device [1e0f:0001]\n',
    );
    expect(parentOf(full, '0000:02:00.0')).toBe('0000:00:1c.0');
    const short = parse(bridge('00:1c.0', 'secondary=02, subordinate=02') + device('00:1c.0/00.0'));
    expect(parentOf(short, '0000:02:00.0')).toBe('0000:00:1c.0');
    const lost = parse(
      '00:1c.0 PCI bridge [0604]: Device [10a0:0002]\n00:1c.0/00.0 Ethernet controller [0200]: Device [1e0f:0001]\n',
    );
    expect(lost.functions).toHaveLength(1);
    expect(lost.diagnostics.filter((d) => d.severity === 'error')).toHaveLength(1);
  });

  it('gives the children of a VMD the requester id of its endpoint', () => {
    const vmd = (slot: string): string =>
      `${slot} RAID bus controller [0104]: Device [8086:9a0b]\n\tFlags: fast devsel\n\n`;
    const one = parse(vmd('0000:00:0e.0') + device('10000:e1:00.0'));
    expect(one.functions[at(one, '10000:e1:00.0').dmaDevice]).toBe(at(one, '0000:00:0e.0'));
    expect(at(one, '0000:00:0e.0').dmaDevice).toBe(-1);
    const two = parse(vmd('0000:00:0e.0') + vmd('0000:80:0e.0') + device('10000:e1:00.0'));
    expect(at(two, '10000:e1:00.0').dmaDevice).toBe(-1);
    expect(messages(two)).toEqual([expect.stringContaining('several VMD endpoints')]);
  });

  it('notes a virtual function whose physical function is not known', () => {
    const machine = parse(SAMPLE_LISTING.replace('IOVCtl:\tEnable+', 'IOVCtl:\tEnable-'));
    expect(at(machine, '0000:02:10.0').physicalFunction).toBe(-1);
    expect(messages(machine).filter((m) => m.includes('a virtual function by its name'))).toHaveLength(2);
  });

  it('reads the groups that shell loops print before the devices', () => {
    const first = '00:01.0 PCI bridge [0604]: Alder Works Bridge [Fast] [10a0:0002]';
    const second = '01:00.0 Ethernet controller [0200]: Device [1e0f:0001] (rev 01)';
    for (const text of [
      `IOMMU Group 4 ${first}\nIOMMU Group 5 ${second}\n`,
      `IOMMU Group 4:\n\t${first}\nIOMMU Group 5:\n\t${second}\n`,
    ]) {
      const machine = parse(text);
      expect(known(machine.kernel.groups)?.map((g) => [g.id, ...g.members])).toEqual([
        [4, '0000:00:01.0'],
        [5, '0000:01:00.0'],
      ]);
    }
  });
});
