/**
 * @module Standing claims, looked at again: is each of them still what was granted?
 */
import { findObstacles } from './find-obstacles.ts';
import type { Obstacle } from './obstacle.ts';
import type { ClaimRecord, Zone } from './records.ts';
import type { RegistryState } from './state.ts';

/** Reports what claims with devices in these zones have lost, and what came back. */
export function reviewClaims(state: RegistryState, zones: Iterable<Zone>): void {
  if (state.claims.size === 0) return;
  for (const claim of claimsIn(zones)) reviewClaim(state, claim);
}

export function claimsIn(zones: Iterable<Zone>): ReadonlySet<ClaimRecord> {
  const claims = new Set<ClaimRecord>();
  for (const zone of zones) for (const { claim } of zone.records) if (claim !== undefined) claims.add(claim);
  return claims;
}

export function reviewClaim(state: RegistryState, claim: ClaimRecord): void {
  const before = new Set(claim.losses.map(keyOf));
  const losses = findObstacles(claim.records, (record) => record.claim === claim, claim.policy, state.today);
  claim.losses = Object.freeze(losses);
  const fresh = losses.filter((loss) => !before.has(keyOf(loss)));
  if (fresh.length > 0) {
    const { handle, manager } = claim;
    state.outbox.post({ kind: 'isolation-lost', claim: handle, losses });
    state.outbox.call('isolationLost', manager.name, () => manager.callbacks.isolationLost?.(handle, losses));
  } else if (losses.length === 0 && before.size > 0) {
    state.outbox.post({ kind: 'isolation-restored', claim: claim.handle });
  }
}

/**
 * Two losses are one if they concern the same devices, or reach the host in the same way, whatever the way from one to the
 * other is today.
 */
function keyOf(loss: Obstacle): string {
  if (loss.kind === 'host') return `host ${loss.chain.at(-1)?.edge.kind}`;
  const { bus, name } = loss.kind === 'device' ? loss.other : loss.device;
  return `${loss.kind} ${bus} ${name}`;
}

/** What a claim already reaches beyond itself, so that nobody else is blamed for it. */
export function wasLost(claim: ClaimRecord): (obstacle: Obstacle) => boolean {
  const lost = new Set(claim.losses.map(keyOf));
  return (obstacle) => lost.has(keyOf(obstacle));
}
