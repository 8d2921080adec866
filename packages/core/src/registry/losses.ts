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

/** Two losses are one if they concern the same devices, whatever the way from one to the other is today. */
function keyOf(loss: Obstacle): string {
  const names = [loss.kind, loss.device.bus, loss.device.name];
  if (loss.kind === 'device') names.push(loss.other.bus, loss.other.name);
  if (loss.kind === 'host') names.push(loss.chain.at(-1)?.edge.kind ?? '');
  return names.join(' ');
}

/** What a claim already reaches beyond itself, so that nobody else is blamed for it. */
export function lostTo(claim: ClaimRecord): { readonly host: boolean; readonly devices: ReadonlySet<unknown> } {
  const devices = new Set<unknown>();
  for (const loss of claim.losses) if (loss.kind === 'device') devices.add(loss.other);
  return { host: claim.losses.some((loss) => loss.kind === 'host'), devices };
}
