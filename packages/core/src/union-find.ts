/**
 * @module Union-find over party indices, with joining of whole spans in amortised constant time a party.
 */
import type { Span } from './interference.ts';

export interface UnionFind {
  find(x: number): number;
  union(a: number, b: number): void;
  /** Joins all parties of a span with each other. Parties that an earlier call joined are skipped over, not revisited. */
  unionSpan(span: Span): void;
}

export function createUnionFind(count: number): UnionFind {
  const parent = new Int32Array(count);
  // next[i]: the first party at or after i that is not yet joined with its predecessor by a span.
  const next = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) parent[i] = i;
  for (let i = 0; i <= count; i++) next[i] = i;

  const root = (links: Int32Array, x: number): number => {
    let at = x;
    for (let up = links[at] as number; up !== at; up = links[at] as number) {
      const above = links[up] as number;
      links[at] = above; // path halving
      at = above;
    }
    return at;
  };
  const find = (x: number): number => root(parent, x);
  const union = (a: number, b: number): void => {
    const ra = find(a);
    const rb = find(b);
    // The lower index stays the root, so that a group is named after its first party whatever the order of edges.
    if (ra < rb) parent[rb] = ra;
    else if (rb < ra) parent[ra] = rb;
  };
  return {
    find,
    union,
    unionSpan(span) {
      for (let i = root(next, span.from + 1); i < span.to; i = root(next, i + 1)) {
        union(i - 1, i);
        next[i] = i + 1;
      }
    },
  };
}
