import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignability, edgesOfGroup, groupName, membersOf, partition } from './partition.ts';
import { POLICIES } from './policy.ts';
import { adjacent, arbitraryGraph, edge, graphOf, naiveDistances } from './testing/arbitrary-graph.ts';

describe('partition', () => {
  it('agrees with reachability by the definition, for every policy', () => {
    fc.assert(
      fc.property(arbitraryGraph, fc.constantFrom(POLICIES.strict, POLICIES.default, POLICIES.lab), (graph, policy) => {
        const p = partition(graph, policy);
        for (let a = 0; a < graph.parties.count; a++) {
          const distance = naiveDistances(graph, policy, a, false);
          for (let b = 0; b < graph.parties.count; b++) {
            expect(p.groupOf[a] === p.groupOf[b]).toBe(distance[b] !== Number.POSITIVE_INFINITY);
          }
          const group = p.groupOf[a] as number;
          const touchesHost = Array.from(membersOf(p, group)).some((m) =>
            adjacent(graph, policy, m, graph.parties.count),
          );
          expect(assignability(p, group)).toBe(touchesHost ? 'no' : 'yes');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('numbers groups by their lowest party and lists members in order', () => {
    const p = partition(
      graphOf(5, [edge({ kind: 'peer-to-peer', actors: [{ from: 4, to: 5 }], reach: [{ from: 1, to: 2 }] })]),
      POLICIES.strict,
    );
    expect([...p.groupOf]).toEqual([0, 1, 2, 3, 1]);
    expect([...membersOf(p, 1)]).toEqual([1, 4]);
    expect(groupName(p, 1)).toBe('vtd0/0000:00:00.1');
  });

  it('does not join actors of a one-sided meeting that reaches nobody', () => {
    const p = partition(graphOf(2, [edge({ kind: 'peer-to-peer', actors: [{ from: 0, to: 2 }] })]), POLICIES.strict);
    expect(p.groupCount).toBe(2);
  });

  it('keeps a group undecided while only undecided edges lead to the host', () => {
    const undecided = { why: 'not read', decidedBy: 'root' };
    const toHost = edge({ kind: 'interrupts', actors: [{ from: 0, to: 2 }], reach: 'host', undecided });
    expect(assignability(partition(graphOf(2, [toHost]), POLICIES.strict), 0)).toBe('undecided');
    const certain = edge({ kind: 'untranslated', actors: [{ from: 0, to: 1 }], reach: 'host' });
    const both = partition(graphOf(2, [certain, toHost]), POLICIES.strict);
    expect([assignability(both, 0), assignability(both, 1)]).toEqual(['no', 'undecided']);
  });

  it('tells the edges of a group, without those that are accepted', () => {
    const reset = edge({ kind: 'shared-reset', actors: [{ from: 0, to: 2 }], mutual: true });
    const peers = edge({ kind: 'peer-to-peer', actors: [{ from: 0, to: 2 }], mutual: true });
    const graph = graphOf(3, [reset, peers]);
    expect(edgesOfGroup(partition(graph, POLICIES.default), 0)).toEqual([peers]);
    expect(edgesOfGroup(partition(graph, POLICIES.strict), 0)).toEqual([reset, peers]);
  });
});
