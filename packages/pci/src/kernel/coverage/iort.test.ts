import { describe, expect, it } from 'vitest';
import type { IortMapping, IortTable } from '../../acpi/iort.ts';
import { analyse } from '../../analysis.ts';
import { formatAddress } from '../../facts/address.ts';
import { endpoint, machineOf, type Node, port } from '../../testing/build-machine.ts';
import { PORT } from '../../topology/port-type.ts';

const SMMU = 0x100;
const mapping = (inputBase: number, inputLast: number, outputBase: number): IortMapping => ({
  offset: 0,
  inputBase,
  inputLast,
  outputBase,
  outputReference: SMMU,
  single: false,
});

const table = (mappings: readonly IortMapping[]): IortTable => ({
  kind: 'iort',
  nodes: [
    { kind: 'root-complex', segment: 0, ats: false, offset: 0x30, revision: 1, mappings },
    { kind: 'smmu-v3', base: 0x9050000n, flags: 0, model: 0, ownMapping: -1, offset: SMMU, revision: 1, mappings: [] },
  ],
});

/** On these platforms a function gets its group when a driver is bound to it. */
const bound = (node: Node): Node => ({
  ...node,
  options: { ...node.options, driver: 'pci-stub' },
  below: node.below.map(bound),
});

function groups(mappings: readonly IortMapping[], roots: readonly Node[]) {
  const { machine, replay } = analyse(
    machineOf(roots.map(bound), {
      firmware: { dmar: null, iort: table(mappings) },
      kernel: { commandLine: '', iommuUnits: ['smmu3.0x0000000009050000'], architecture: 'aarch64', log: ['x'] },
    }),
  );
  return Object.fromEntries(machine.functions.map((f, i) => [formatAddress(f).slice(5), replay.groupOf[i]]));
}

describe('IORT coverage', () => {
  const two = [endpoint('00:01.0'), endpoint('00:02.0')];

  it('covers the ids that a mapping takes', () => {
    expect(groups([mapping(0x08, 0x0f, 0)], two)).toEqual({ '00:01.0': 0, '00:02.0': -1 });
  });

  it('doubts the last id of a mapping: another that starts there wins', () => {
    const first = mapping(0x00, 0x08, 0x100);
    expect(groups([first], two)).toMatchObject({ '00:01.0': 0 });
    // Both devices would have stream 0x108 if the first mapping kept its last id.
    expect(groups([first, mapping(0x08, 0x0f, 0x200), mapping(0x10, 0x1f, 0x108)], two)).toEqual({
      '00:01.0': 0,
      '00:02.0': 1,
    });
  });

  it('refuses a second device on a stream: behind a bridge to conventional PCI only the first has a group', () => {
    const behind = [endpoint('02:01.0', { type: 'conventional' }), endpoint('02:02.0', { type: 'conventional' })];
    const tree = [port('00:01.0', {}, [port('01:00.0', { type: PORT.expressToPci, acs: 'none' }, behind)])];
    expect(groups([mapping(0, 0xffff, 0)], tree)).toEqual({ '00:01.0': 0, '01:00.0': 1, '02:01.0': 1, '02:02.0': -1 });
  });
});
