/**
 * @module Whether a plan wants what another claim has.
 */
import type { Plan } from '../plan/plan.ts';
import { type Refusal, refusal } from '../plan/refusal.ts';
import { type ClaimState, isStanding, isUnderWay } from './claim-state.ts';

/**
 * Two claims never share a device, nor what they can reach under their policies: that may have no driver, or be a bridge
 * where two policies differ, and is in neither's hands. A claim of an earlier boot is over.
 *
 * @param boot Undefined: it cannot be told, so each of them may be of this one.
 */
export function conflicts(
  plan: Pick<Plan, 'claimed' | 'company' | 'component'>,
  claims: readonly ClaimState[],
  boot: string | undefined,
): readonly Refusal[] {
  const ours = [...plan.company, ...plan.component];
  return claims.flatMap((claim) => {
    if (!isStanding(claim) || (boot !== undefined && claim.boot !== boot)) return [];
    const theirs = new Set([...claim.members.map((m) => m.device), ...claim.company, ...claim.component]);
    const wanted = plan.claimed.flatMap(({ device }) => (theirs.has(device) ? [device] : []));
    if (wanted.length > 0) return wanted.map((device) => taken(claim, device));
    // One is reason enough.
    const met = ours.find((device) => theirs.has(device));
    return met === undefined ? [] : [meeting(claim, met)];
  });
}

function taken(claim: ClaimState, device: string): Refusal {
  if (isUnderWay(claim)) return underWay(claim, device);
  return refusal('claimed', `${device} belongs to ${named(claim)}`, `isogroups release ${claim.id}`, device);
}

function meeting(claim: ClaimState, device: string): Refusal {
  if (isUnderWay(claim)) return underWay(claim, device);
  const says = `${device} can be reached from here and from ${named(claim)}`;
  return refusal('claimed', says, `isogroups release ${claim.id}`, device);
}

function underWay({ id }: ClaimState, device: string): Refusal {
  // A plan is made without the lock, so both are possible.
  const says = `claim ${id} is in the middle of ${device}: another command is at work on it, or was interrupted`;
  return refusal('interrupted', says, 'wait for it, or isogroups recover', device);
}

const named = (claim: ClaimState): string => `claim ${claim.id}${claim.for === null ? '' : ` (${claim.for})`}`;
