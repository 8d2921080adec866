/**
 * @module Groups that somebody else made, the kernel for one, in the shape of ours: so that they can be put to the proof.
 */
import { accepts, type Interference, type InterferenceGraph, type Partition, type Policy } from '@isogroups/core';

/**
 * @param given for each party a number of its group; parties with a negative one stand alone.
 * @param policy what the operator accepts all the same.
 */
export function givenGroups(graph: InterferenceGraph, policy: Policy, given: ArrayLike<number>): Partition {
  const { count } = graph.parties;
  const groupOf = new Int32Array(count);
  const numbered = new Map<number, number>();
  const members: number[][] = [];
  for (let i = 0; i < count; i++) {
    const number = given[i] ?? -1;
    const known = number < 0 ? undefined : numbered.get(number);
    const group = known ?? members.length;
    if (known === undefined) {
      members.push([]);
      if (number >= 0) numbered.set(number, group);
    }
    groupOf[i] = group;
    (members[group] as number[]).push(i);
  }
  const isAccepted = accepts(policy, graph);
  const hostEdges = graph.interferences.filter((e: Interference) => e.reach === 'host' && !isAccepted(e));
  const hostState = new Uint8Array(members.length);
  for (const edge of hostEdges) {
    for (const span of edge.actors) for (let i = span.from; i < span.to; i++) hostState[groupOf[i] as number] = 1;
  }
  const start = new Int32Array(members.length + 1);
  members.forEach((m, g) => {
    start[g + 1] = (start[g] as number) + m.length;
  });
  return {
    graph,
    policy,
    groupCount: members.length,
    groupOf,
    members: Int32Array.from(members.flat()),
    start,
    hostEdges,
    hostState,
  };
}
