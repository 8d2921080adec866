/**
 * @module Groups under a policy: the connected components of the graph once the accepted interferences are left out.
 */
import type { InterferenceGraph } from './graph.ts';
import type { Interference, Span } from './interference.ts';
import { accepts, type Policy } from './policy.ts';
import { createUnionFind } from './union-find.ts';

/**
 * A partition of the parties into groups. Groups are numbered by their lowest party. Members and edges stand in flat
 * arrays, so that a machine of a million functions costs a few bytes a function; use the functions below to read them.
 *
 * A component that holds the host is kept in its parts: the devices that reach each other without the host. Each part
 * has its own edges to the host in `hostEdges`; a group without any is assignable.
 */
export interface Partition {
  readonly graph: InterferenceGraph;
  readonly policy: Policy;
  readonly groupCount: number;
  /** Group of each party. */
  readonly groupOf: Int32Array;
  /** Parties ordered by group, ascending inside; those of group g stand at `start[g]` up to `start[g + 1]`. */
  readonly members: Int32Array;
  readonly start: Int32Array;
  /** Interferences with the host that the policy does not accept. */
  readonly hostEdges: readonly Interference[];
  /** 1 for a group with such an interference, 2 when all of them are undecided. */
  readonly hostState: Uint8Array;
}

export function partition(graph: InterferenceGraph, policy: Policy, today?: string): Partition {
  const { count } = graph.parties;
  const sets = createUnionFind(count);
  const accepted = accepts(policy, graph, today);
  const hostEdges: Interference[] = [];
  for (const edge of graph.interferences) {
    if (accepted(edge)) continue;
    if (edge.reach === 'host') hostEdges.push(edge);
    else joinParties(sets, edge.actors, edge.reach, edge.mutual);
  }

  const groupOf = new Int32Array(count);
  let groupCount = 0;
  for (let i = 0; i < count; i++) {
    const r = sets.find(i);
    groupOf[i] = r === i ? groupCount++ : (groupOf[r] as number);
  }
  const { start, members } = bucket(groupOf, groupCount);
  const hostState = new Uint8Array(groupCount);
  for (const edge of hostEdges) {
    const state = edge.undecided === undefined ? 1 : 2;
    for (const span of edge.actors) {
      for (let i = span.from; i < span.to; i++) {
        const g = groupOf[i] as number;
        if (hostState[g] !== 1) hostState[g] = state;
      }
    }
  }
  return { graph, policy, groupCount, groupOf, members, start, hostEdges, hostState };
}

/** All of a bipartite meeting is connected as soon as both sides have somebody; actors alone only if they reach each other. */
function joinParties(
  sets: ReturnType<typeof createUnionFind>,
  actors: readonly Span[],
  reach: readonly Span[],
  mutual: boolean,
): void {
  const first = actors[0];
  if (first === undefined || (reach.length === 0 && !mutual)) return;
  for (const span of actors) {
    sets.unionSpan(span);
    sets.union(first.from, span.from);
  }
  for (const span of reach) {
    sets.unionSpan(span);
    sets.union(first.from, span.from);
  }
}

function bucket(groupOf: Int32Array, groupCount: number): { start: Int32Array; members: Int32Array } {
  const start = new Int32Array(groupCount + 1);
  for (let i = 0; i < groupOf.length; i++) start[(groupOf[i] as number) + 1]!++;
  for (let g = 0; g < groupCount; g++) start[g + 1]! += start[g] as number;
  const members = new Int32Array(groupOf.length);
  const fill = start.slice(0, groupCount);
  for (let i = 0; i < groupOf.length; i++) members[fill[groupOf[i] as number]!++] = i;
  return { start, members };
}

/** Members of a group, ascending. */
export function membersOf(p: Partition, group: number): Int32Array {
  return p.members.subarray(p.start[group], p.start[group + 1]);
}

/** Assignable: no interference with the host is left. `undecided`: one may be left, a fact is missing. */
export function assignability(p: Partition, group: number): 'yes' | 'no' | 'undecided' {
  const state = p.hostState[group];
  return state === 0 ? 'yes' : state === 1 ? 'no' : 'undecided';
}

/** The interferences that join members of a group to each other, and to the host. */
export function edgesOfGroup(p: Partition, group: number, today?: string): readonly Interference[] {
  const accepted = accepts(p.policy, p.graph, today);
  const inGroup = (s: Span): boolean => {
    for (let i = s.from; i < s.to; i++) if (p.groupOf[i] === group) return true;
    return false;
  };
  return p.graph.interferences.filter((edge) => !accepted(edge) && edge.actors.some(inGroup));
}

/**
 * Stable name of a group: the unit that translates it and its lowest member, `vtd0/0000:01:00.0`. Without an IOMMU the
 * unit is called `no-iommu`.
 */
export function groupName(p: Partition, group: number): string {
  const { parties } = p.graph;
  const lowest = p.members[p.start[group] as number] as number;
  for (const member of membersOf(p, group)) {
    const unit = parties.unitOf(member);
    if (unit !== undefined) return `${unit}/${parties.nameOf(lowest)}`;
  }
  return `no-iommu/${parties.nameOf(lowest)}`;
}
