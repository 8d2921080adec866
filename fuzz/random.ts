/**
 * @module Pseudo-random numbers that are the same for the same seed on every machine.
 */
export { createRandom, type Random } from '../packages/simulator/src/random.ts';

/** The seed of the n-th input of a run: so any input can be made again without those before it. */
export function seedOf(runSeed: number, n: number): number {
  let h = Math.imul(runSeed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(n + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f);
  return (h ^ (h >>> 15)) >>> 0;
}
