import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortestChain } from './chain.ts';
import { joins, spansHold } from './interference.ts';
import { accepts, POLICIES } from './policy.ts';
import { arbitraryGraph, naiveDistances } from './testing/arbitrary-graph.ts';

describe('shortestChain', () => {
  it('is as short as the definition allows, and every step is an edge', () => {
    fc.assert(
      fc.property(arbitraryGraph, fc.constantFrom(POLICIES.strict, POLICIES.default), (graph, policy) => {
        const accepted = accepts(policy, graph);
        const distance = naiveDistances(graph, policy, 0, true);
        for (let b = 1; b <= graph.parties.count; b++) {
          const goal = b === graph.parties.count ? 'host' : b;
          const chain = shortestChain(graph, 0, goal, (e) => !accepted(e));
          expect(chain?.length ?? Number.POSITIVE_INFINITY).toBe(distance[b]);
          for (const { from, to, edge } of chain ?? []) {
            expect(accepted(edge)).toBe(false);
            if (from === 'host') expect(spansHold(edge.actors, to as number)).toBe(true);
            else if (to === 'host') expect(edge.reach === 'host' && spansHold(edge.actors, from)).toBe(true);
            else expect(joins(edge, from, to)).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
