/**
 * @module Runs a protocol up to some effect and leaves it there, as SIGKILL would.
 */
import type { Protocol } from '../transaction/effect.ts';
import { performEffect, type World } from '../transaction/perform.ts';

/** @returns how many effects were performed; fewer than asked for: it came to its end. */
export async function runUntil(protocol: Protocol<unknown>, world: World, effects: number): Promise<number> {
  let performed = 0;
  let next = protocol.next();
  while (next.done !== true && performed < effects) {
    const answer = await performEffect(next.value, world);
    performed += 1;
    next = protocol.next(answer);
  }
  return next.done === true ? performed : effects;
}

export async function effectsOf(protocol: Protocol<unknown>, world: World): Promise<number> {
  return runUntil(protocol, world, Number.POSITIVE_INFINITY);
}
