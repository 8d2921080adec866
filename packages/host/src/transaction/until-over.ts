/**
 * @module Does not give up giving a claim back: who has locked himself out waits for nothing else.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReleaseOutcome } from './return-protocols.ts';

const FIRST_MS = 1000;
/** Seldom enough that a device that never comes home does not fill the journal. */
const LONGEST_MS = 5 * 60_000;

/**
 * Tries until the claim has ended, by this or by anybody, or was confirmed: while another command acts, while a program has
 * the devices open, while one of them does not come home.
 */
export async function untilOver(
  attempt: () => Promise<ReleaseOutcome>,
  wait: (ms: number) => Promise<unknown> = sleep,
): Promise<ReleaseOutcome> {
  for (let pause = FIRST_MS; ; pause = Math.min(2 * pause, LONGEST_MS)) {
    const outcome = await attempt();
    if (isOver(outcome)) return outcome;
    await wait(pause);
  }
}

const NOTHING_LEFT = ['not-held', 'no-such-claim', 'other-boot'];

function isOver(outcome: ReleaseOutcome): boolean {
  return outcome.kind === 'released'
    ? outcome.home.kind === 'home'
    : outcome.refusals.some(({ kind }) => NOTHING_LEFT.includes(kind));
}
