import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DendrogramNode, dendrogram } from './dendrogram.ts';
import { POLICIES } from './policy.ts';
import { arbitraryGraph } from './testing/arbitrary-graph.ts';

describe('dendrogram', () => {
  it('refines: the parts of a group are whole groups of the next policy and make it up', () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        const { partitions, roots } = dendrogram(graph, [POLICIES.strict, POLICIES.default, POLICIES.lab]);
        const check = (node: DendrogramNode, level: number): void => {
          if (level === partitions.length - 1) return;
          expect(node.parts.flatMap((part) => [...part.members]).sort((a, b) => a - b)).toEqual([...node.members]);
          for (const part of node.parts) check(part, level + 1);
        };
        expect(roots.flatMap((r) => [...r.members]).length).toBe(graph.parties.count);
        for (const root of roots) check(root, 0);
      }),
    );
  });
});
