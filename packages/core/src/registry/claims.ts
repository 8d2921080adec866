/**
 * @module Granting claims and giving them back.
 */
import type { Device } from '../device.ts';
import { BusyError, InvalidError, NotPermittedError } from '../errors.ts';
import type { Policy } from '../policy.ts';
import type { Claim } from './claim.ts';
import { createClaimRecord } from './claim-record.ts';
import { zonesOf } from './components.ts';
import { leaveDomain } from './domain-calls.ts';
import { closureUnder, findObstacles } from './find-obstacles.ts';
import { setGate } from './gate.ts';
import type { Group } from './group.ts';
import { freeGroupRecord, handleOf } from './group-record.ts';
import { reviewClaims } from './losses.ts';
import type { Manager } from './manager.ts';
import { heldBy, recordOf, refuseGone } from './misuse.ts';
import { sayObstacle } from './obstacle.ts';
import { checkPolicy } from './policies.ts';
import { reconsider } from './quarantined.ts';
import type { ClaimRecord, DeviceRecord, GroupRecord } from './records.ts';
import { regroup } from './regroup.ts';
import type { RegistryState } from './state.ts';
import { refuseStuck } from './stuck.ts';

export function grantClaim(
  state: RegistryState,
  manager: Manager,
  wanted: readonly (Group | Device)[],
  policy: Policy,
): Claim {
  checkPolicy(policy);
  const { groups, records } = resolve(state, wanted);
  const members = closureUnder(records, policy, state.today);
  for (const group of groups) {
    if (group.claim !== undefined) throw heldBy(`group ${group.name}`, group.claim, { group: handleOf(state, group) });
  }
  refuseHeld(state, records, members, policy);
  refuseObstacles(state, records, members, policy);
  refuseSharedDomains(state, members);
  refuseStuck(state, members);

  const claim = createClaimRecord(state, manager, policy, (given) => giveBack(state, given));
  state.claims.add(claim);
  for (const record of members) {
    record.claim = claim;
    claim.records.add(record);
  }
  for (const group of groups) {
    if (group.records.length > 0) continue;
    group.claim = claim;
    claim.groups.add(group);
  }
  const zones = zonesOf(members);
  regroup(state, zones);
  state.outbox.post({ kind: 'claimed', claim: claim.handle });
  reviewClaims(state, zones);
  return claim.handle;
}

interface Wanted {
  readonly groups: readonly GroupRecord[];
  readonly records: readonly DeviceRecord[];
}

function resolve(state: RegistryState, wanted: readonly (Group | Device)[]): Wanted {
  if (wanted.length === 0) {
    throw new InvalidError({ says: 'nothing is to be claimed', next: 'name groups or devices', operands: { wanted } });
  }
  const groups: GroupRecord[] = [];
  const records: DeviceRecord[] = [];
  for (const one of wanted) {
    const group = state.recordOfGroup.get(one as Group);
    if (group !== undefined) {
      refuseGone(group);
      groups.push(group);
      records.push(...group.records);
      continue;
    }
    const record = recordOf(state, one as Device);
    if (record.quarantine !== undefined) {
      throw new NotPermittedError({
        says: `device ${record.device.name} is in quarantine (${record.quarantine.kind})`,
        next: 'admit it first, or take away what keeps it out',
        operands: { device: record.device, quarantine: record.quarantine },
      });
    }
    records.push(record);
  }
  return { groups, records };
}

function refuseHeld(
  state: RegistryState,
  wanted: readonly DeviceRecord[],
  members: ReadonlySet<DeviceRecord>,
  policy: Policy,
): void {
  const held = wanted.find((r) => r.claim !== undefined) ?? [...members].find((r) => r.claim !== undefined);
  if (held?.claim === undefined) return;
  const group = held.group === undefined ? undefined : handleOf(state, held.group);
  const what = `group ${group?.name}`;
  const operands = { group, device: held.device };
  if (wanted.includes(held)) throw heldBy(what, held.claim, operands);
  const [way] = findObstacles(wanted, (r) => r !== held, policy, state.today).filter((o) => o.kind === 'device');
  throw heldBy(`${way === undefined ? held.device.name : sayObstacle(way)}; ${what}`, held.claim, { ...operands, way });
}

function refuseObstacles(
  state: RegistryState,
  wanted: readonly DeviceRecord[],
  members: ReadonlySet<DeviceRecord>,
  policy: Policy,
): void {
  const obstacles = findObstacles(wanted, (record) => members.has(record), policy, state.today);
  if (obstacles.length === 0) return;
  const edges = new Set(obstacles.flatMap((o) => ('chain' in o ? o.chain.map((link) => link.edge) : [])));
  throw new NotPermittedError({
    says: `under policy ${policy.name} ${obstacles.map(sayObstacle).join('; ')}`,
    next: 'take these away, or claim under a policy that accepts them',
    operands: { policy, obstacles, edges: [...edges] },
  });
}

/** A domain that reaches beyond the claim would be one address space for the manager and somebody else. */
function refuseSharedDomains(state: RegistryState, members: ReadonlySet<DeviceRecord>): void {
  for (const { domain } of members) {
    const other = domain?.devices.find((device) => !members.has(recordOf(state, device)));
    if (domain === undefined || other === undefined) continue;
    throw new BusyError({
      says: `domain ${domain.name} also translates ${other.name}, which would not be part of the claim`,
      next: 'release the domain first, or claim that device as well',
      operands: { domain, device: other },
    });
  }
}

function giveBack(state: RegistryState, claim: ClaimRecord): void {
  if (!claim.standing) {
    throw new InvalidError({
      says: `the claim of "${claim.manager.name}" was released before`,
      next: 'claim again',
      operands: { claim: claim.handle },
    });
  }
  const zones = zonesOf(claim.records);
  for (const record of claim.records) record.domain = undefined;
  for (const group of [...claim.groups].reverse()) leaveDomain(state, group);
  claim.standing = false;
  state.claims.delete(claim);
  for (const record of claim.records) {
    record.claim = undefined;
    setGate(record);
  }
  // They are nobody's before they are inherited: a group keeps its identity when its owner goes.
  for (const group of claim.groups) {
    group.claim = undefined;
    if (group.records.length === 0) freeEmpty(state, group);
  }
  claim.places.clear();
  regroup(state, zones);
  claim.records.clear();
  claim.groups.clear();
  claim.losses = [];
  state.outbox.post({ kind: 'released', claim: claim.handle });
  reviewClaims(state, zones);
  reconsider(state);
}

/** A slot that nobody holds and where nothing is, is no group; one that was made by hand stays. */
function freeEmpty(state: RegistryState, group: GroupRecord): void {
  if (group.made !== undefined) return;
  freeGroupRecord(state, group);
  state.outbox.post({ kind: 'group-freed', group: handleOf(state, group) });
}
