/**
 * @module What has to be handed over together: the kernel's group, because VFIO takes nothing less, and the group of the
 * policy, because its members can reach each other.
 */
import { membersOf, type Partition } from '@isogroups/core';
import { type Analysis, isUnknown, type KernelGroup, type Unknown } from '@isogroups/pci';

/** How a party came into the set. */
export type ComesBy =
  | { readonly kind: 'asked' }
  /** It is in the same kernel group as `with`. */
  | { readonly kind: 'kernel-group'; readonly with: number; readonly group: number }
  /** It is in the same group of the policy as `with`, and in another kernel group or none. */
  | { readonly kind: 'policy'; readonly with: number };

export interface HandoverSet {
  /** Parties in the order in which they were found: those asked for first. */
  readonly members: ReadonlyMap<number, ComesBy>;
  /** The kernel groups of all of them. */
  readonly kernelGroups: readonly KernelGroup[];
  /** The policy's groups of those that are handed over. */
  readonly policyGroups: readonly number[];
}

/** The kernel's groups by party, made once for an analysis; those that its rules give where the source has none. */
export interface KernelMembership {
  groupOf(party: number): KernelGroup | undefined;
  partiesOf(group: KernelGroup): readonly number[];
}

export function kernelMembership(analysis: Analysis): KernelMembership {
  const { machine, graph } = analysis;
  const { groups } = machine.kernel;
  const byParty = new Map<number, KernelGroup>();
  const parties = new Map<KernelGroup, readonly number[]>();
  const partyOf = new Map<string, number>();
  for (let p = 0; p < graph.parties.count; p++) partyOf.set(graph.parties.nameOf(p), p);
  for (const group of isUnknown(groups) ? groupsByRules(analysis, groups) : groups) {
    const members = group.members.flatMap((name) => partyOf.get(name) ?? []);
    parties.set(group, members);
    for (const p of members) byParty.set(p, group);
  }
  return { groupOf: (p) => byParty.get(p), partiesOf: (g) => parties.get(g) ?? [] };
}

function groupsByRules({ replay, graph }: Analysis, why: Unknown): readonly KernelGroup[] {
  const members = new Map<number, string[]>();
  replay.groupOf.forEach((id, p) => {
    if (id < 0) return;
    const list = members.get(id);
    if (list === undefined) members.set(id, [graph.parties.nameOf(p)]);
    else list.push(graph.parties.nameOf(p));
  });
  return [...members].map(([id, names]) => ({ id, members: names, type: why, reservedRegions: why }));
}

/**
 * The smallest set with all that was asked for that cuts no kernel group and no group of the policy. Software children
 * without a group of their own (`virtio0`) are left out: they go when the driver of their parent does.
 */
export function handoverSet(
  analysis: Analysis,
  partition: Partition,
  kernel: KernelMembership,
  asked: readonly number[],
): HandoverSet {
  const { parties } = analysis.graph;
  const functions = analysis.machine.functions.length;
  const members = new Map<number, ComesBy>(asked.map((p) => [p, { kind: 'asked' }]));
  const kernelGroups: KernelGroup[] = [];
  const seenGroups = new Set<number>();
  // Map iteration visits what is added on the way.
  for (const p of members.keys()) {
    const group = kernel.groupOf(p);
    if (group !== undefined && !kernelGroups.includes(group)) {
      kernelGroups.push(group);
      for (const other of kernel.partiesOf(group)) {
        if (!members.has(other)) members.set(other, { kind: 'kernel-group', with: p, group: group.id });
      }
    }
    // A bridge is not handed over: the company that it keeps is no reason to hand over more.
    if (parties.isBridge(p)) continue;
    const ours = partition.groupOf[p] as number;
    if (seenGroups.has(ours)) continue;
    seenGroups.add(ours);
    for (const other of membersOf(partition, ours)) {
      if (members.has(other) || parties.isBridge(other)) continue;
      if (other >= functions && kernel.groupOf(other) === undefined) continue;
      members.set(other, { kind: 'policy', with: p });
    }
  }
  return { members, kernelGroups, policyGroups: [...seenGroups] };
}

/** These and nothing else: bridges are not handed over, and what comes with them is not to be taken apart for them. */
export function justThese(asked: readonly number[]): HandoverSet {
  return { members: new Map(asked.map((p) => [p, { kind: 'asked' } as const])), kernelGroups: [], policyGroups: [] };
}
