import { describe, expect, it } from 'vitest';
import type { Ivhd, IvhdEntry, IvrsTable } from '../../acpi/ivrs.ts';
import { analyse } from '../../analysis.ts';
import { formatAddress } from '../../facts/address.ts';
import { endpoint, machineOf, type Node, port } from '../../testing/build-machine.ts';

const range = (first: number, last: number, alias?: number): IvhdEntry => ({
  kind: 'range',
  offset: 0,
  first,
  last,
  flags: 0,
  extendedFlags: 0,
  alias,
});

const block = (entries: readonly IvhdEntry[], deviceId = 0x0002): Ivhd => ({
  kind: 'ivhd',
  offset: 48,
  type: 0x11,
  flags: 0,
  deviceId,
  mmioBase: 0xfeb80000n,
  segment: 0,
  entries,
});

const conventional = (address: string): Node => endpoint(address, { type: 'conventional' });
const ROOTS: readonly Node[] = [
  conventional('00:00.0'),
  endpoint('00:00.2', { type: 'conventional', facts: { classCode: 0x080600 } }),
  port('00:01.1', { multifunction: false }, [endpoint('01:00.0')]),
  conventional('00:14.0'),
];

function groups(ivhds: readonly Ivhd[], commandLine = '', roots: readonly Node[] = ROOTS) {
  const ivrs: IvrsTable = { kind: 'ivrs', info: 0, ivhds, ivmds: [], selectedType: 0x11, usable: true };
  const kernel = { commandLine, iommuUnits: ['ivhd0'] };
  const { machine, replay } = analyse(machineOf(roots, { firmware: { dmar: null, ivrs }, kernel }));
  return Object.fromEntries(machine.functions.map((f, i) => [formatAddress(f).slice(5), replay.groupOf[i]]));
}

describe('AMD-Vi coverage', () => {
  it('leaves out what no entry names, and the IOMMU itself even where one does', () => {
    expect(groups([block([range(0x0002, 0xffff)])])).toEqual({
      '00:00.0': -1,
      '00:00.2': -1,
      '00:01.1': 0,
      '01:00.0': 2,
      '00:14.0': 1,
    });
  });

  it('covers the function that a special entry names', () => {
    const special: IvhdEntry = { kind: 'special', offset: 0, variety: 'ioapic', handle: 0, deviceId: 0x00a0, flags: 0 };
    expect(groups([block([range(0x0009, 0x0009), range(0xff00, 0xffff), special])])).toMatchObject({
      '00:01.1': 0,
      '00:14.0': 1,
      '01:00.0': -1,
    });
  });

  it('ends where the highest device that is named ends: a special entry does not raise it', () => {
    const special: IvhdEntry = { kind: 'special', offset: 0, variety: 'ioapic', handle: 0, deviceId: 0x00a0, flags: 0 };
    expect(groups([block([range(0x0009, 0x0009), special])])).toMatchObject({ '00:01.1': 0, '00:14.0': -1 });
  });

  it('joins devices that the table maps onto one id of the same bus', () => {
    const entries = [range(0x0009, 0xffff), range(0x00a0, 0x00a0, 0x0009)];
    expect(groups([block(entries)])).toMatchObject({ '00:01.1': 0, '00:14.0': 0 });
  });

  it('makes no groups with amd_iommu=off', () => {
    expect(new Set(Object.values(groups([block([range(0, 0xffff)])], 'amd_iommu=off')))).toEqual(new Set([-1]));
  });

  it('leaves Stoney Ridge alone unless it is forced', () => {
    const stoney = [...ROOTS, endpoint('00:18.0', { type: 'conventional', facts: { vendor: 0x1002, device: 0x98e4 } })];
    const all = [block([range(0x0003, 0xffff)])];
    expect(groups(all, '', stoney)['00:14.0']).toBe(-1);
    expect(groups(all, 'amd_iommu=force_enable', stoney)['00:14.0']).toBe(1);
  });
});
