/**
 * @module Losses of the host that somebody accepted, as they were shown: nobody who let a mirror go degraded has let it go.
 */
import type { Loss, LossEffect } from '../guard/loss.ts';
import { type Refusal, refusal } from './refusal.ts';

export type AcceptedLoss = Pick<Loss, 'item' | 'device' | 'effect'>;

/**
 * @param items Named now, in sight of what is lost.
 * @param earlier Accepted for another claim: they count only for the very same loss.
 */
export function acceptedOf(
  losses: readonly Loss[],
  items: readonly string[],
  earlier: readonly AcceptedLoss[],
): readonly AcceptedLoss[] {
  const isSame = (a: AcceptedLoss, b: Loss): boolean =>
    a.item === b.item && a.device === b.device && a.effect === b.effect;
  return losses
    .filter((loss) => items.includes(loss.item) || earlier.some((one) => isSame(one, loss)))
    .map(({ item, device, effect }) => ({ item, device, effect }));
}

const BADNESS: Readonly<Record<LossEffect, number>> = { degraded: 1, undecided: 2, lost: 3 };

/** Accepted, and no worse than that. */
export function isAccepted({ item, effect }: Loss, accepted: readonly AcceptedLoss[]): boolean {
  return accepted.some((one) => one.item === item && BADNESS[effect] <= BADNESS[one.effect]);
}

/** Each thing that would be lost refuses until it is named. */
export function lossRefusals(losses: readonly Loss[], accepted: readonly AcceptedLoss[]): readonly Refusal[] {
  return losses
    .filter((loss) => !isAccepted(loss, accepted))
    .map((loss) => {
      const before = accepted.find((one) => one.item === loss.item);
      const worse = before === undefined ? '' : ` (it was accepted as ${before.effect} and is ${loss.effect} now)`;
      return refusal('loss', `${loss.says}${worse}`, `see to it, or accept it: --lose ${loss.item}`, loss.device);
    });
}
