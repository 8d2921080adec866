import { describe, expect, it } from 'vitest';
import { type StructureFormat, type StructureWalk, walkStructures } from './structure-walk.ts';

// Type and length in one byte each.
const format: StructureFormat = { smallest: 2, type: (v, at) => v.getUint8(at), length: (v, at) => v.getUint8(at + 1) };
const walk = (
  bytes: number[],
  range: { start?: number; end?: number; base?: number; most?: number } = {},
): StructureWalk => walkStructures(Uint8Array.from(bytes), { start: 0, end: bytes.length, ...range }, format);
const seen = (w: StructureWalk): number[][] => w.structures.map((s) => [s.type, s.offset, ...s.bytes.subarray(2)]);

describe('walkStructures', () => {
  it('gives each structure its own bytes, with offsets in the table', () => {
    const w = walk([0, 7, 2, 8, 3, 42], { start: 1, base: 100 });
    expect(seen(w)).toEqual([
      [7, 101],
      [8, 103, 42],
    ]);
    expect([w.ended, w.offset]).toEqual(['end', 106]);
    expect(w.structures[1]?.view.byteLength).toBe(3);
  });

  it('ends at a length of 0 and at one below the header', () => {
    for (const length of [0, 1]) {
      const w = walk([7, 2, 8, length, 9, 2]);
      expect(seen(w)).toEqual([[7, 0]]);
      expect([w.ended, w.offset]).toEqual(['short', 2]);
    }
  });

  it('ends at a structure that passes the end, and at half a header', () => {
    expect([walk([7, 2, 8, 3]).ended, walk([7, 2, 8]).ended]).toEqual(['cut', 'cut']);
    expect(walk([7, 2, 8, 3]).offset).toBe(2);
  });

  it('stops after so many', () => {
    const w = walk([7, 2, 8, 2, 9, 0], { most: 2 });
    expect(w.structures).toHaveLength(2);
    expect(w.ended).toBe('end');
  });
});
