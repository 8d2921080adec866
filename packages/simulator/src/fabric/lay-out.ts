/**
 * @module Addresses for functions whose registers hold none: one MiB each, in tree order, and windows that hold what is
 * below. What firmware does at boot; which addresses those are decides nothing about isolation.
 */
import type { FabricFunction, Range } from './fabric.ts';

/** Far above the memory of any machine that is captured here, below 2^46. */
const LAYOUT_BASE: number = 0x2000_0000_0000;
/** Windows of bridges have this granularity (bridges 1.2, 3.2.5.8). */
const PIECE: number = 0x10_0000;

/** @param claims whether function `i` has registers in memory. */
export function layOut(
  functions: readonly FabricFunction[],
  claims: (i: number) => boolean = () => true,
): readonly FabricFunction[] {
  const lastBelow = functions.map((_, i) => i);
  for (let i = functions.length - 1; i >= 0; i--) {
    const { parent } = functions[i] as FabricFunction;
    if (parent >= 0) lastBelow[parent] = Math.max(lastBelow[parent] as number, lastBelow[i] as number);
  }
  const firstBelow = new Map<number, number>();
  functions.forEach(({ parent }, i) => {
    if (parent >= 0 && !firstBelow.has(parent)) firstBelow.set(parent, i);
  });
  return functions.map((f, i) => {
    const from = firstBelow.get(i);
    return Object.freeze({
      ...f,
      memory: claims(i) ? [pieces(i, i)] : [],
      windows: from === undefined ? [] : [pieces(from, lastBelow[i] as number)],
    });
  });
}

const pieces = (from: number, to: number): Range => ({
  first: LAYOUT_BASE + from * PIECE,
  last: LAYOUT_BASE + (to + 1) * PIECE - 1,
});
