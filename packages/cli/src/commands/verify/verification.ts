/**
 * @module The kernel's rules replayed against the groups that the kernel really made.
 */
import {
  type Analysis,
  comparePartitions,
  formatAddress,
  isUnknown,
  type KernelGroup,
  known,
  type PartitionComparison,
} from '@isogroups/pci';
import { clustersOf, type DifferenceCluster } from './difference-cluster.ts';
import { reasonsFor, type VerifyReason } from './reasons.ts';

export interface VerifyGroup {
  /** null: these have no group. */
  readonly group: number | null;
  readonly members: readonly string[];
}

export interface VerifyDifference {
  readonly kernel: readonly VerifyGroup[];
  readonly rules: readonly VerifyGroup[];
  readonly reasons: readonly VerifyReason[];
}

export interface Verification {
  readonly devices: number;
  readonly kernelGroups: number;
  readonly rulesGroups: number;
  readonly partitionEqual: boolean;
  readonly numbersEqual: boolean;
  /** Where the order of probing was taken from, on which numbers depend and sometimes members. */
  readonly order: string;
  readonly differences: readonly VerifyDifference[];
  readonly renumbered: readonly { readonly device: string; readonly kernel: number; readonly rules: number }[];
  /** Other outcomes that the rules allow, because a fact is missing. */
  readonly alternatives: readonly { readonly when: string; readonly decidedBy: string; readonly equal: boolean }[];
  /** Members of the kernel's groups that are no PCI functions; the rules say nothing about them. */
  readonly leftOut: readonly string[];
}

/** undefined where the source does not tell the kernel's groups. */
export function verify(analysis: Analysis): Verification | undefined {
  const { machine, topology, replay, outcomes } = analysis;
  const { groups } = machine.kernel;
  if (isUnknown(groups)) return undefined;
  const comparison = comparePartitions(topology, replay.groupOf, groups);
  const name = (i: number): string => analysis.graph.parties.nameOf(i);
  const theirs = numbersOf(analysis, groups);
  const functions = new Set(machine.functions.map(formatAddress));
  return {
    devices: machine.functions.length,
    kernelGroups: new Set([...theirs.values()]).size,
    rulesGroups: new Set(replay.groupOf.filter((g) => g >= 0)).size,
    partitionEqual: comparison.equal,
    numbersEqual: comparison.numbersEqual,
    order: replay.order,
    differences: clustersOf(analysis, comparison).map((cluster) => differenceOf(analysis, comparison, cluster)),
    renumbered: comparison.renumbered.map((i) => ({
      device: name(i),
      kernel: theirs.get(i) as number,
      rules: replay.groupOf[i] as number,
    })),
    alternatives: outcomes.alternatives.map(({ replay: other, when, decidedBy }) => ({
      when,
      decidedBy,
      equal: comparePartitions(topology, other.groupOf, groups).equal,
    })),
    leftOut: groups.flatMap((g) => g.members.filter((m) => !functions.has(m))),
  };
}

/** The kernel's group number of each function. */
export function numbersOf({ machine }: Analysis, groups: readonly KernelGroup[]): ReadonlyMap<number, number> {
  const index = new Map(machine.functions.map((f, i) => [formatAddress(f), i]));
  const numbers = new Map<number, number>();
  for (const g of groups) {
    for (const member of g.members) {
      const i = index.get(member);
      if (i !== undefined) numbers.set(i, g.id);
    }
  }
  return numbers;
}

function differenceOf(
  analysis: Analysis,
  comparison: PartitionComparison,
  cluster: DifferenceCluster,
): VerifyDifference {
  const theirs = numbersOf(analysis, known(analysis.machine.kernel.groups) ?? []);
  return {
    kernel: grouped(analysis, cluster.functions, (i) => theirs.get(i) ?? null),
    rules: grouped(analysis, cluster.functions, (i) => {
      const g = analysis.replay.groupOf[i] as number;
      return g < 0 ? null : g;
    }),
    reasons: reasonsFor(analysis, comparison, cluster),
  };
}

function grouped(
  { graph }: Analysis,
  functions: readonly number[],
  groupOf: (i: number) => number | null,
): readonly VerifyGroup[] {
  const groups = new Map<number | null, string[]>();
  for (const i of functions) {
    const g = groupOf(i);
    const members = groups.get(g);
    if (members === undefined) groups.set(g, [graph.parties.nameOf(i)]);
    else members.push(graph.parties.nameOf(i));
  }
  return [...groups].map(([group, members]) => ({ group, members }));
}
