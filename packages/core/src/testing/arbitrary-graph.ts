/**
 * @module Random graphs for property tests, and the naive answers to compare with.
 */
import fc from 'fast-check';
import type { InterferenceGraph } from '../graph.ts';
import { type Interference, joins, type Span, spansHold } from '../interference.ts';
import { INTERFERENCE_KINDS } from '../kinds.ts';
import { accepts, type Policy } from '../policy.ts';

export function graphOf(count: number, interferences: readonly Interference[]): InterferenceGraph {
  return {
    parties: { count, nameOf: (p) => `0000:00:00.${p}`, isBridge: () => false, unitOf: () => 'vtd0' },
    interferences,
  };
}

export function edge(fields: Partial<Interference> & Pick<Interference, 'kind' | 'actors'>): Interference {
  return {
    where: { kind: 'machine' },
    reach: [],
    mutual: false,
    evidence: [],
    remedies: [],
    ...fields,
  };
}

const span = (count: number): fc.Arbitrary<Span> =>
  fc
    .tuple(fc.nat(count - 1), fc.integer({ min: 1, max: 4 }))
    .map(([from, length]) => ({ from, to: Math.min(count, from + length) }));

export const arbitraryGraph: fc.Arbitrary<InterferenceGraph> = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom(...INTERFERENCE_KINDS),
        actors: fc.array(span(count), { minLength: 1, maxLength: 2 }),
        reach: fc.oneof(fc.constant('host' as const), fc.array(span(count), { maxLength: 2 })),
        mutual: fc.boolean(),
      }),
      { maxLength: 8 },
    )
    .map((edges) =>
      graphOf(
        count,
        edges.map((e) => edge(e)),
      ),
    ),
);

/** Whether two parties are adjacent, straight from the definition. `count` stands for the host. */
export function adjacent(graph: InterferenceGraph, policy: Policy, a: number, b: number): boolean {
  const host = graph.parties.count;
  const accepted = accepts(policy, graph);
  return graph.interferences.some((e) => {
    if (accepted(e)) return false;
    if (a === host || b === host) return e.reach === 'host' && spansHold(e.actors, a === host ? b : a);
    return joins(e, a, b);
  });
}

/** Distances from `start` by relaxing every pair until nothing changes; Infinity where there is no way. */
export function naiveDistances(graph: InterferenceGraph, policy: Policy, start: number, withHost: boolean): number[] {
  const n = graph.parties.count + (withHost ? 1 : 0);
  const distance = new Array<number>(n).fill(Number.POSITIVE_INFINITY);
  distance[start] = 0;
  for (let round = 0; round < n; round++) {
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        const through = (distance[a] as number) + 1;
        if (a !== b && through < (distance[b] as number) && adjacent(graph, policy, a, b)) distance[b] = through;
      }
    }
  }
  return distance;
}
