/**
 * @module Pseudo-random numbers that are the same for the same seed on every machine.
 */

export interface Random {
  /** 0 .. 2^32 - 1. */
  u32(): number;
  /** 0 .. n - 1; 0 for n below 2. */
  below(n: number): number;
  /** True once in n. */
  oneIn(n: number): boolean;
  /** @throws RangeError for an empty list. */
  pick<T>(list: readonly T[]): T;
}

/** Mulberry32: 32 bits of state, which is enough to choose mutations and machines. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const u32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (n: number): number => (n < 2 ? 0 : Math.floor((u32() / 2 ** 32) * n));
  return {
    u32,
    below,
    oneIn: (n) => below(n) === 0,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[below(list.length)] as (typeof list)[number];
    },
  };
}
