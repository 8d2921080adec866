import type { Span } from '@isogroups/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaps, grow, mergeSpans, toSpans, without } from './provider.ts';

const LIMIT = 40;
const someIndices = fc.uniqueArray(fc.nat(LIMIT - 1)).map((list) => list.sort((a, b) => a - b));

const indicesIn = (spans: readonly Span[]): readonly number[] =>
  spans.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, k) => from + k));

describe('spans', () => {
  it('hold what was put into them, as few as possible', () => {
    fc.assert(
      fc.property(someIndices, (indices) => {
        const spans = toSpans(indices);
        expect(indicesIn(spans)).toEqual(indices);
        for (const [k, span] of spans.slice(1).entries()) expect(span.from).toBeGreaterThan((spans[k] as Span).to);
      }),
    );
  });

  it('less others are what no other holds', () => {
    fc.assert(
      fc.property(someIndices, someIndices, (kept, holes) => {
        const left = kept.filter((i) => !holes.includes(i));
        expect(indicesIn(without(toSpans(kept), toSpans(holes)))).toEqual(left);
      }),
    );
  });

  it('leave gaps between them and around them', () => {
    fc.assert(
      fc.property(someIndices, (indices) => {
        const all = Array.from({ length: LIMIT }, (_, i) => i);
        const outside = all.filter((i) => !indices.includes(i));
        expect(indicesIn(gaps(toSpans(indices), 0, LIMIT))).toEqual(outside);
      }),
    );
  });

  it('merge whatever their order', () => {
    fc.assert(
      fc.property(someIndices, someIndices, (a, b) => {
        const both = [...new Set([...a, ...b])].sort((x, y) => x - y);
        expect(indicesIn(mergeSpans([...toSpans(b), ...toSpans(a)]))).toEqual(both);
      }),
    );
  });

  it('grow at their end', () => {
    const spans = [{ from: 2, to: 4 }];
    grow(spans, 4);
    grow(spans, 6);
    expect(spans).toEqual([
      { from: 2, to: 5 },
      { from: 6, to: 7 },
    ]);
  });
});
