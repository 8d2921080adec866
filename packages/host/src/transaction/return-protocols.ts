/**
 * @module Release, recovery, confirmation: what brings claims to their end, or lets them stand.
 */
import { type ClaimState, claimsOf, isStanding, isUnderWay } from '../claims/claim-state.ts';
import type { DatedRecord, ReturnReason } from '../journal/record.ts';
import { BOOT_UNKNOWN, type Refusal, refusal } from '../plan/refusal.ts';
import { bringHome, type HomeReport } from './bring-home.ts';
import { ask, type Protocol } from './effect.ts';
import { underLock } from './under-lock.ts';

type Refused = { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

export type ReleaseOutcome = Refused | { readonly kind: 'released'; readonly claim: string; readonly home: HomeReport };

/** `because`: `unconfirmed` gives back only a claim that nobody has confirmed, and goes on where that was begun before. */
export function* releaseProtocol(id: string, because: 'released' | 'unconfirmed'): Protocol<ReleaseOutcome> {
  return yield* underLock(function* (records): Protocol<ReleaseOutcome> {
    const claim = claimsOf(records).find((c) => c.id === id);
    const { boot } = yield* ask({ kind: 'observe', devices: [] });
    const goesOn = because === 'unconfirmed' && claim?.status === 'returning' && claim.boot === boot;
    const why = goesOn ? undefined : notReleasable(id, claim, boot);
    if (why !== undefined || claim === undefined) return { kind: 'refused', refusals: why === undefined ? [] : [why] };
    if (because === 'unconfirmed' && claim.confirmed) {
      return {
        kind: 'refused',
        refusals: [refusal('not-held', `claim ${id} was confirmed`, `isogroups release ${id}`)],
      };
    }
    const users = yield* ask({ kind: 'users', devices: claim.members.map((m) => m.device) });
    if (users.size > 0) {
      const who = [...new Set([...users.values()].flat())];
      const says = `claim ${id} is in use by ${who.join(', ')}: unbinding would wait for them`;
      return { kind: 'refused', refusals: [refusal('in-use', says, 'stop what uses the devices')] };
    }
    return { kind: 'released', claim: id, home: yield* bringHome(claim, because) };
  });
}

export function notReleasable(
  id: string,
  claim: ClaimState | undefined,
  boot: string | undefined,
): Refusal | undefined {
  if (claim === undefined) return refusal('no-such-claim', `there is no claim ${id}`, 'isogroups claims');
  if (claim.status === 'ended') return refusal('not-held', `claim ${id} has ended`, 'isogroups claims');
  if (boot === undefined) return BOOT_UNKNOWN;
  if (isUnderWay(claim)) return refusal('interrupted', `claim ${id} was interrupted`, 'isogroups recover');
  if (claim.boot !== boot) {
    return refusal('other-boot', `claim ${id} ended when the machine was started again`, 'isogroups recover');
  }
  return undefined;
}

export interface Recovered {
  readonly claim: string;
  /** `ended`: of an earlier boot; nothing of it is left in the machine. `given-up`: not home, and left so as was asked for. */
  readonly kind: 'ended' | 'home' | 'paused' | 'given-up';
  readonly home: HomeReport | undefined;
}

export type RecoverOutcome = Refused | { readonly kind: 'recovered'; readonly claims: readonly Recovered[] };

/**
 * @param now Milliseconds, for claims that should have been confirmed by now.
 * @param giveUp A claim that is ended even when not all of it comes home, because somebody has seen to the rest.
 */
export function* recoverProtocol(now: number, giveUp?: string): Protocol<RecoverOutcome> {
  return yield* underLock(function* (records): Protocol<RecoverOutcome> {
    const { boot } = yield* ask({ kind: 'observe', devices: [] });
    if (boot === undefined) return { kind: 'refused', refusals: [BOOT_UNKNOWN] };
    const claims: Recovered[] = [];
    // The youngest first: what it changed, it changed after the others.
    for (const claim of [...claimsOf(records)].reverse()) {
      if (!isStanding(claim)) continue;
      const because = reasonToEnd(claim, boot, now);
      if (because === 'reboot') {
        const home = yield* end(claim.id, because, []);
        claims.push({ claim: claim.id, kind: home === undefined ? 'ended' : 'paused', home });
      } else if (because !== undefined) {
        const home = yield* bringHome(claim, because);
        const isGivenUp = home.kind === 'paused' && claim.id === giveUp;
        const failed = isGivenUp ? yield* end(claim.id, 'given-up', home.differences) : undefined;
        const kind = isGivenUp && failed === undefined ? 'given-up' : home.kind;
        claims.push({ claim: claim.id, kind, home: failed ?? home });
      }
    }
    return { kind: 'recovered', claims };
  });
}

/** @returns what could not be done, where the journal cannot be written: the claim stands then */
function* end(
  claim: string,
  because: 'reboot' | 'given-up',
  differences: HomeReport['differences'],
): Protocol<HomeReport | undefined> {
  const written = yield* ask({ kind: 'append', record: { kind: 'ended', claim, because, differences }, sync: true });
  if (written.kind === 'ok') return undefined;
  return { kind: 'paused', differences, failures: [{ kind: 'journal', says: written.says }] };
}

/** A driver that is bound, an override, a virtual function: all of that ends with the boot. Nobody waits for a claim that was interrupted. */
export function reasonToEnd(claim: ClaimState, boot: string, now: number): ReturnReason | 'reboot' | undefined {
  if (claim.boot !== boot) return 'reboot';
  if (isUnderWay(claim)) return 'interrupted';
  return isOverdue(claim, now) ? 'unconfirmed' : undefined;
}

export function isOverdue({ confirmWithinMs, confirmed, heldSince }: ClaimState, now: number): boolean {
  return (
    confirmWithinMs !== null && !confirmed && heldSince !== undefined && Date.parse(heldSince) + confirmWithinMs < now
  );
}

export type ConfirmOutcome = Refused | { readonly kind: 'confirmed'; readonly claim: string };

export function* confirmProtocol(id: string): Protocol<ConfirmOutcome> {
  return yield* underLock((records) => confirmLocked(id, records));
}

function* confirmLocked(id: string, records: readonly DatedRecord[]): Protocol<ConfirmOutcome> {
  const claim = claimsOf(records).find((c) => c.id === id);
  const { boot } = yield* ask({ kind: 'observe', devices: [] });
  const why = notReleasable(id, claim, boot);
  if (why !== undefined) return { kind: 'refused', refusals: [why] };
  const written = yield* ask({ kind: 'append', record: { kind: 'confirmed', claim: id }, sync: true });
  if (written.kind === 'ok') return { kind: 'confirmed', claim: id };
  const says = `the confirmation cannot be written: ${written.says}`;
  return { kind: 'refused', refusals: [refusal('journal', says, 'make room and confirm again')] };
}
