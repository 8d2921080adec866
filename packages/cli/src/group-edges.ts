/**
 * @module The interferences of every group at once, in one pass over the graph: asking group by group is quadratic.
 */
import { accepts, type Interference, type Partition } from '@isogroups/core';

export interface GroupEdges {
  /** Not accepted, between devices of the group. */
  inside(group: number): readonly Interference[];
  /** Not accepted, between devices of the group and the host. */
  withHost(group: number): readonly Interference[];
}

const NONE: readonly Interference[] = Object.freeze([]);

export function groupEdges(groups: Partition): GroupEdges {
  const { graph, policy, groupOf, groupCount } = groups;
  const inside: (Interference[] | undefined)[] = new Array(groupCount);
  const withHost: (Interference[] | undefined)[] = new Array(groupCount);
  const put = (lists: (Interference[] | undefined)[], group: number, edge: Interference): void => {
    const list = lists[group];
    if (list === undefined) lists[group] = [edge];
    else if (list.at(-1) !== edge) list.push(edge);
  };
  const accepted = accepts(policy, graph);
  for (const edge of graph.interferences) {
    if (accepted(edge)) continue;
    if (edge.reach !== 'host') {
      // All that an edge joins is in one group.
      const first = edge.actors[0];
      if (first !== undefined && (edge.mutual || edge.reach.length > 0))
        put(inside, groupOf[first.from] as number, edge);
      continue;
    }
    for (const span of edge.actors) for (let p = span.from; p < span.to; p++) put(withHost, groupOf[p] as number, edge);
  }
  return { inside: (g) => inside[g] ?? NONE, withHost: (g) => withHost[g] ?? NONE };
}
