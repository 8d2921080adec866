/**
 * @module What a program calls: each runs one protocol against a machine. Refusals are values; nothing here throws but for
 * a journal that cannot be read.
 */
import type { Plan } from '../plan/plan.ts';
import { type ClaimOutcome, claimProtocol } from './claim-protocol.ts';
import { perform, type World } from './perform.ts';
import {
  type ConfirmOutcome,
  confirmProtocol,
  type RecoverOutcome,
  type ReleaseOutcome,
  recoverProtocol,
  releaseProtocol,
} from './return-protocols.ts';

/** Moves all members of the plan, verified and journalled, or none. @throws JournalUnreadable */
export function claim(plan: Plan, world: World): Promise<ClaimOutcome> {
  return perform(claimProtocol(plan), world);
}

/** Gives a claim back. With `unconfirmed` only one that nobody has confirmed. @throws JournalUnreadable */
export function release(
  id: string,
  world: World,
  because: 'released' | 'unconfirmed' = 'released',
): Promise<ReleaseOutcome> {
  return perform(releaseProtocol(id, because), world);
}

/** Ends what the journal says was under way, and what has outlived its boot or its time. May be called at any time. */
export function recover(world: World, giveUp?: string): Promise<RecoverOutcome> {
  return perform(recoverProtocol(Date.now(), giveUp), world);
}

export function confirm(id: string, world: World): Promise<ConfirmOutcome> {
  return perform(confirmProtocol(id), world);
}
