import { openMachine } from '@isogroups/inventory';
import { formatAddress, type Machine, type PciFunction } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../testing/fixtures.ts';
import { matchDevices } from './match-devices.ts';

const names = (machine: Machine, indices: readonly number[]): string[] =>
  indices.map((i) => formatAddress(machine.functions[i] as PciFunction));

const change = (machine: Machine, of: (f: PciFunction) => Partial<PciFunction>): Machine => ({
  ...machine,
  functions: machine.functions.map((f) => ({ ...f, ...of(f) })),
});

describe('two boots of one machine', () => {
  it('match in order', async () => {
    const m = await openMachine(fixture('thirty-devices'));
    const { pairs, moved, came, went, replaced } = matchDevices(m, m);
    expect(pairs).toEqual(m.functions.map((_, i) => ({ a: i, b: i })));
    expect([moved, came, went, replaced]).toEqual([[], [], [], []]);
  });

  it('match where the bus numbers are others', async () => {
    const m = await openMachine(fixture('intel-switch-with-acs'));
    // All busses but the root bus get other numbers.
    const renumbered = change(m, (f) => (f.bus === 0 ? {} : { bus: f.bus + 0x20 }));
    const { pairs, moved, came, went } = matchDevices(m, renumbered);
    expect(pairs).toHaveLength(m.functions.length);
    expect([moved, came, went]).toEqual([[], [], []]);
  });

  it('match virtual functions by their number below the physical one', async () => {
    const m = await openMachine(fixture('intel-sriov-vfs'));
    const elsewhere = change(m, (f) => (f.physicalFunction < 0 ? {} : { devfn: f.devfn + 8 }));
    expect(matchDevices(m, elsewhere).pairs).toHaveLength(m.functions.length);
  });
});

describe('a device that is another', () => {
  it('at the same place is replaced, not the same', async () => {
    const m = await openMachine(fixture('intel-switch-with-acs'));
    const swapped = change(m, (f) => (f.bus === 3 ? { vendor: 0x10de, device: 0x1234, serialNumber: null } : {}));
    const { went, came, replaced, pairs } = matchDevices(m, swapped);
    expect(names(m, went)).toEqual(['0000:03:00.0']);
    expect(names(swapped, came)).toEqual(['0000:03:00.0']);
    expect(replaced).toEqual([{ a: went[0], b: came[0] }]);
    expect(pairs).toHaveLength(m.functions.length - 1);
  });

  it('is not made of ids that one side does not tell', async () => {
    const m = await openMachine(fixture('intel-switch-with-acs'));
    const untold = change(m, () => ({ device: { kind: 'unknown', why: 'cut', decidedBy: 'more' } }));
    expect(matchDevices(m, untold).pairs).toHaveLength(m.functions.length);
  });
});

describe('a card that was moved', () => {
  it('is found by its serial number', async () => {
    const m = await openMachine(fixture('intel-switch-with-acs'));
    const serial = (bus: number) => (f: PciFunction) =>
      f.bus === bus
        ? {
            vendor: 0x8086,
            device: 0x10d3,
            subsystemVendor: 1,
            subsystemDevice: 0,
            serialNumber: '00-11-22-ff-ff-33-44-55',
          }
        : {};
    const other = (bus: number) => (f: PciFunction) =>
      f.bus === bus ? { vendor: 0x1af4, device: 0x1041, subsystemDevice: bus } : {};
    const before = change(change(m, serial(3)), other(4));
    const after = change(change(m, serial(4)), other(3));
    const { moved } = matchDevices(before, after);
    expect(moved.map((p) => [names(before, [p.a])[0], names(after, [p.b])[0]])).toContainEqual([
      '0000:03:00.0',
      '0000:04:00.0',
    ]);
  });

  it('of which there are two alike is not guessed', async () => {
    const m = await openMachine(fixture('nvme-behind-switch'));
    const last = m.functions.length - 1;
    const without = (gone: number): Machine => ({
      ...m,
      functions: m.functions.filter((_, i) => i !== gone),
    });
    const { moved, went, came } = matchDevices(without(last), without(last - 1));
    expect(moved.length + went.length).toBe(1);
    expect(came.length + moved.length).toBe(1);
  });
});
