/**
 * @module The partitions of several policies as one tree: a policy that accepts less has coarser groups.
 */
import type { InterferenceGraph } from './graph.ts';
import { membersOf, type Partition, partition } from './partition.ts';
import type { Policy } from './policy.ts';

export interface DendrogramNode {
  readonly policy: string;
  /** Index of the group in the partition of that policy. */
  readonly group: number;
  readonly members: Int32Array;
  /** The groups of the next policy that make it up. */
  readonly parts: readonly DendrogramNode[];
}

/**
 * @param policies from the strictest to the most permissive; each must accept all that the one before it accepts.
 */
export function dendrogram(
  graph: InterferenceGraph,
  policies: readonly Policy[],
): { readonly partitions: readonly Partition[]; readonly roots: readonly DendrogramNode[] } {
  const partitions = policies.map((policy) => partition(graph, policy));
  const nodes = (level: number, within: Int32Array | undefined): readonly DendrogramNode[] => {
    const p = partitions[level];
    if (p === undefined) return [];
    const groups =
      within === undefined ? allGroups(p) : [...new Set(Array.from(within, (i) => p.groupOf[i] as number))];
    return groups.map((group) => {
      const members = membersOf(p, group);
      return { policy: p.policy.name, group, members, parts: nodes(level + 1, members) };
    });
  };
  return { partitions, roots: nodes(0, undefined) };
}

function allGroups(p: Partition): readonly number[] {
  return Array.from({ length: p.groupCount }, (_, g) => g);
}
