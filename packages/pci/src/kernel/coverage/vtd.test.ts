import { describe, expect, it } from 'vitest';
import type { DeviceScope, DmarTable, Drhd } from '../../acpi/dmar.ts';
import { analyse } from '../../analysis.ts';
import { formatAddress } from '../../facts/address.ts';
import { CATCH_ALL, endpoint, machineOf, type Node, port } from '../../testing/build-machine.ts';

const scope = (type: number, startBus: number, ...path: [number, number][]): DeviceScope => ({
  type,
  enumerationId: 0,
  startBus,
  path: path.map(([device, fn]) => ({ device, function: fn })),
  offset: 0x40,
});

const unit = (base: bigint, scopes: readonly DeviceScope[], includeAll = false, segment = 0): Drhd => ({
  kind: 'drhd',
  offset: 0x30,
  includeAll,
  segment,
  registerBase: base,
  scopes,
});

const GRAPHICS = endpoint('00:02.0', { type: 'conventional', facts: { classCode: 0x030000 } });
const CLIENT: readonly Node[] = [
  endpoint('00:00.0', { type: 'conventional', facts: { classCode: 0x060000 } }),
  GRAPHICS,
  port('00:1c.0', {}, [endpoint('01:00.0')]),
];

function groups(drhds: readonly Drhd[], commandLine = 'intel_iommu=on', roots: readonly Node[] = CLIENT) {
  const dmar: DmarTable = { ...CATCH_ALL, drhds };
  const { machine, replay } = analyse(machineOf(roots, { firmware: { dmar }, kernel: { commandLine } }));
  return Object.fromEntries(machine.functions.map((f, i) => [formatAddress(f).slice(5), replay.groupOf[i]]));
}

describe('VT-d coverage', () => {
  it('gives the graphics unit of a client group 0: units that take all register last', () => {
    const drhds = [unit(0xfed90000n, [scope(1, 0, [2, 0])]), unit(0xfed91000n, [], true)];
    expect(groups(drhds)).toEqual({ '00:00.0': 1, '00:02.0': 0, '00:1c.0': 2, '01:00.0': 3 });
  });

  it('registers units with scopes in the reverse order of the table', () => {
    const drhds = [
      unit(0x1000n, [scope(1, 0, [2, 0])]),
      unit(0x2000n, [scope(2, 0, [0x1c, 0])]),
      unit(0x3000n, [], true),
    ];
    expect(groups(drhds)).toEqual({ '00:1c.0': 0, '01:00.0': 1, '00:02.0': 2, '00:00.0': 3 });
  });

  it('covers what is below a bridge that a scope names, whatever type the entry has', () => {
    expect(groups([unit(0x1000n, [scope(2, 0, [0x1c, 0])])])).toMatchObject({
      '00:1c.0': 0,
      '01:00.0': 1,
      '00:02.0': -1,
    });
  });

  it('follows a path from the root bus, and takes a single hop by address', () => {
    expect(groups([unit(0x1000n, [scope(1, 0, [0x1c, 0], [0, 0])])])).toMatchObject({ '00:1c.0': -1, '01:00.0': 0 });
    expect(groups([unit(0x1000n, [scope(1, 1, [0, 0])])])).toMatchObject({ '00:1c.0': -1, '01:00.0': 0 });
  });

  it('is given up altogether where a scope calls a bridge an endpoint', () => {
    const drhds = [unit(0x1000n, [scope(1, 0, [0x1c, 0])]), unit(0x2000n, [], true)];
    expect(new Set(Object.values(groups(drhds)))).toEqual(new Set([-1]));
  });

  it('leaves units alone that serve graphics only, with igfx_off', () => {
    const drhds = [unit(0x1000n, [scope(1, 0, [2, 0])]), unit(0x2000n, [], true)];
    expect(groups(drhds, 'intel_iommu=on,igfx_off')).toEqual({
      '00:00.0': 0,
      '00:02.0': -1,
      '00:1c.0': 1,
      '01:00.0': 2,
    });
  });

  it('does not reach into other segments', () => {
    expect(groups([unit(0x1000n, [], true, 1)])).toMatchObject({ '00:00.0': -1, '01:00.0': -1 });
  });

  it('puts children of VMD into the group of the VMD endpoint', () => {
    const vmd = endpoint('00:0e.0', { facts: { classCode: 0x010400 } });
    const child = endpoint('10000:e0:06.0', { facts: { dmaDeviceAddress: '0000:00:0e.0' } });
    expect(groups([unit(0x1000n, [], true)], 'intel_iommu=on', [vmd, child])).toEqual({ '00:0e.0': 0, ':e0:06.0': 0 });
  });
});
