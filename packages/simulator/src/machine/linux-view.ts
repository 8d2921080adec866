/**
 * @module What a Linux that is started on the machine as it is now would make of it: groups, by the replay of its rules,
 * and the unit of each function. Only the file view and `facts()` have it; who moves packets does not look at it.
 */
import {
  type Analysis,
  analyse,
  formatAddress,
  type KernelGroup,
  type Machine,
  type ReservedRegion,
} from '@isogroups/pci';
import type { LinuxFacts } from './function-facts.ts';

export interface LinuxView {
  readonly groups: readonly KernelGroup[];
  of(name: string): LinuxFacts;
}

const UNGROUPED: LinuxFacts = Object.freeze({ group: null, iommu: null });

/** `machine`: its facts, without groups. */
export function linuxView(machine: Machine): LinuxView {
  const analysis = analyse(machine);
  const facts = new Map<string, LinuxFacts>();
  const members = new Map<number, string[]>();
  const { groupOf, coverage } = analysis.replay;
  machine.functions.forEach((f, i) => {
    const group = groupOf[i] as number;
    if (group < 0) return;
    const name = formatAddress(f);
    const unit = coverage.units[coverage.unitOf(i)];
    facts.set(name, Object.freeze({ group, iommu: unit?.kernelName ?? null }));
    const names = members.get(group);
    if (names === undefined) members.set(group, [name]);
    else names.push(name);
  });
  return {
    groups: Object.freeze([...members].sort(([a], [b]) => a - b).map(([id, names]) => groupFacts(analysis, id, names))),
    of: (name) => facts.get(name) ?? UNGROUPED,
  };
}

/** Where devices write to raise interrupts on x86. */
const INTERRUPTS: ReservedRegion = Object.freeze({ start: 0xfee0_0000n, end: 0xfeef_ffffn, type: 'msi' });

function groupFacts({ options }: Analysis, id: number, members: readonly string[]): KernelGroup {
  return Object.freeze({
    id,
    members: Object.freeze([...members].sort()),
    type: options.iommuPassthrough === true ? 'identity' : 'DMA-FQ',
    reservedRegions: Object.freeze([INTERRUPTS]),
  });
}
