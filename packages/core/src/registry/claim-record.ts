/**
 * @module Claims as the registry keeps them, and the handle that it gives out.
 */
import type { Policy } from '../policy.ts';
import { change } from './change.ts';
import type { Blocker, Claim } from './claim.ts';
import { isBridge } from './gate.ts';
import { handleOf } from './group-record.ts';
import type { Manager } from './manager.ts';
import type { ClaimRecord } from './records.ts';
import type { RegistryState } from './state.ts';

export function createClaimRecord(
  state: RegistryState,
  manager: Manager,
  policy: Policy,
  giveBack: (claim: ClaimRecord) => void,
): ClaimRecord {
  const handle: Claim = {
    manager,
    policy,
    since: state.options.now?.(),
    get standing() {
      return claim.standing;
    },
    get groups() {
      return [...claim.groups].map((group) => handleOf(state, group));
    },
    get devices() {
      return [...claim.groups].flatMap((group) => group.records.map((record) => record.device));
    },
    get locked() {
      return claim.standing && blockersOf(claim).length === 0;
    },
    get blockers() {
      return blockersOf(claim);
    },
    get losses() {
      return claim.losses;
    },
    release: () => change(state, 'releasing a claim', () => giveBack(claim)),
  };
  const claim: ClaimRecord = {
    manager,
    policy,
    since: handle.since,
    standing: true,
    records: new Set(),
    groups: new Set(),
    places: new Map(),
    losses: [],
    handle: Object.freeze(handle),
  };
  return claim;
}

/** Devices without a driver do no DMA, and bridges carry the traffic of others: neither is in the way. */
function blockersOf(claim: ClaimRecord): readonly Blocker[] {
  const blockers: Blocker[] = [];
  for (const record of claim.records) {
    const { device } = record;
    const { driver } = device;
    if (driver === undefined || claim.manager.allowsDriver(driver) || isBridge(record)) continue;
    blockers.push({ device, driver });
  }
  return blockers;
}
