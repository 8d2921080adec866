/**
 * @module What host and kernel have against a plan on the machine as it is now. While somebody thinks about a plan a disk
 * is mounted, a route moves, another claim takes the other half of a mirror.
 */
import { type MachineTree, readMachine } from '@isogroups/inventory';
import { analyse } from '@isogroups/pci';
import { findRefusals } from '../conditions/find-refusals.ts';
import { isVfioDriver } from '../conditions/viability.ts';
import { findLosses } from '../guard/find-losses.ts';
import type { Loss } from '../guard/loss.ts';
import { lossRefusals } from './acceptance.ts';
import type { Plan, PlanMember } from './plan.ts';
import type { Refusal } from './refusal.ts';

const UNREAD_FILES: ReadonlySet<string> = new Set(['unread:open-files', 'unread:mapped-files']);

/** @param members Those that change hands. One that VFIO has already serves the host no more, but a program may have it open. */
export function lossesOf(
  tree: MachineTree,
  members: readonly PlanMember[],
  ours?: ReadonlyMap<string, string>,
): readonly Loss[] {
  const held = new Set(members.filter((m) => m.role === 'held').map((m) => m.device));
  const found = findLosses(
    tree,
    members.map((m) => m.device),
    ours === undefined ? {} : { ours },
  );
  return found.filter(({ device, kind, item }) => !held.has(device) || kind === 'open-file' || UNREAD_FILES.has(item));
}

export function objectionsTo(plan: Plan, tree: MachineTree): readonly Refusal[] {
  const claimed = new Set(plan.claimed.map((m) => m.device));
  const members = plan.members.filter((m) => claimed.has(m.device));
  const analysis = analyse(readMachine(tree, { kind: 'live', label: tree.label }, { overrides: false }));
  const { parties } = analysis.graph;
  const all = Array.from({ length: parties.count }, (_, p) => p);
  const partiesOf = (some: readonly PlanMember[]): readonly number[] => {
    const names = new Set(some.map((m) => m.device));
    return all.filter((p) => names.has(parties.nameOf(p)));
  };
  const toVfio = partiesOf(members.filter((m) => isVfioDriver(m.target ?? '')));
  const leaving = partiesOf(members.filter((m) => m.role === 'vanishes'));
  return [
    ...findRefusals(analysis, tree, toVfio, leaving),
    ...lossRefusals(lossesOf(tree, members), plan.acceptedLosses),
  ];
}
