/**
 * @module The claims of a machine as they stand, and what has changed since each was made.
 */
import type { Analysis } from '@isogroups/pci';
import type { Difference } from '../journal/record.ts';
import { bootOf, groupMembers, placedDevice } from '../transaction/observation.ts';
import type { World } from '../transaction/perform.ts';
import { isOverdue } from '../transaction/return-protocols.ts';
import { type ClaimState, claimsOf, isStanding, isUnderWay } from './claim-state.ts';
import { findDrift } from './drift.ts';

export interface ClaimReport {
  readonly claim: ClaimState;
  /** `unknown`: it cannot be told whether it is of this boot. */
  readonly state: 'unknown' | 'held' | 'unconfirmed' | 'overdue' | 'interrupted' | 'rebooted' | 'ended';
  /** Only of claims that are held. */
  readonly drift: readonly Difference[];
}

/**
 * Without the lock: a claim that is being made at this moment shows as interrupted.
 * @param ended Whether also those are wanted that have ended.
 * @throws JournalUnreadable
 */
export function reportClaims(analysis: Analysis, { files, journal }: World, ended: boolean): readonly ClaimReport[] {
  const tree = files.look();
  const boot = bootOf(tree);
  const claims = claimsOf(ended ? journal.history() : journal.read().records);
  return claims
    .filter((claim) => ended || isStanding(claim))
    .map((claim) => {
      const state = stateOf(claim, boot);
      if (state !== 'held' && state !== 'unconfirmed' && state !== 'overdue') return { claim, state, drift: [] };
      const groups = new Set(claim.members.flatMap((m) => m.kernelGroup ?? []));
      const company = [...groups].flatMap((group) => groupMembers(tree, group));
      return { claim, state, drift: findDrift(claim, (device) => placedDevice(tree, device), company, analysis) };
    });
}

function stateOf(claim: ClaimState, boot: string | undefined): ClaimReport['state'] {
  if (claim.status === 'ended') return 'ended';
  if (boot === undefined) return 'unknown';
  if (claim.boot !== boot) return 'rebooted';
  if (isUnderWay(claim)) return 'interrupted';
  if (claim.confirmWithinMs === null || claim.confirmed) return 'held';
  return isOverdue(claim, Date.now()) ? 'overdue' : 'unconfirmed';
}
