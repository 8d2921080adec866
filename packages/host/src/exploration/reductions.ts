/**
 * @module What need not be visited because something that is visited stands for it. `explore.test.ts` compares with all of
 * it visited.
 */
import type { Actor } from './actor.ts';
import type { World } from './world.ts';

/**
 * Who is refused the lock ends without having changed or told anything. The situation before, in which it is never called,
 * stands for the one after: an end is checked wherever nobody runs, also while some have not been called.
 */
export const isRefusedTheLock = ({ lock }: World, { pending }: Actor): boolean =>
  pending?.kind === 'lock' && lock !== undefined;

/**
 * Killed before its first record, a command has changed nothing: never to have been called stands for it. Killed before it
 * reads, it leaves what it leaves when it is killed before its next record or write, since reading changes nothing. Killed
 * before it lets go of the lock, it leaves what it leaves when it ends, and less is promised to whom it would have told.
 */
export const isWorthKilling = ({ acted, pending }: Actor): boolean =>
  acted && (pending?.kind === 'append' || pending?.kind === 'do');

/**
 * What the kernel does by itself (a device goes, a write returns, a driver comes) is noticed by who looks at the kernel or
 * writes to it. While the one who has the lock is about to use the journal, it may as well happen right after that: both
 * orders lead to the same situation. What is broken in between is looked for; nothing is visited from there.
 */
export function isNoticed({ lock, actors }: World): boolean {
  const pending = lock === undefined ? undefined : actors[lock]?.pending?.kind;
  return pending !== 'append' && pending !== 'read-journal' && pending !== 'unlock';
}
