/**
 * @module Groups that are put together by hand: what is added to one counts as `same-requester` with the rest of it.
 */
import type { Device } from '../device.ts';
import { BusyError, ExistsError, InvalidError, NoDeviceError, NotPermittedError } from '../errors.ts';
import { componentsOf, groupsWithin, zonesOf } from './components.ts';
import { noteConflicts } from './conflicts.ts';
import { attachToDomain, detachFromDomain, leaveDomain } from './domain-calls.ts';
import { closureUnder, findObstacles } from './find-obstacles.ts';
import type { Group } from './group.ts';
import { createGroupRecord, freeGroupRecord, handleOf } from './group-record.ts';
import { reviewClaims, wasLost } from './losses.ts';
import { heldBy, recordOf, refuseGone } from './misuse.ts';
import { checkName, takeName } from './names.ts';
import { sayObstacle } from './obstacle.ts';
import { reconsider } from './quarantined.ts';
import { type DeviceRecord, type GroupRecord, unmake } from './records.ts';
import type { GroupRequest } from './registry.ts';
import { regroup } from './regroup.ts';
import type { RegistryState } from './state.ts';
import { refuseStuck } from './stuck.ts';
import { rezone } from './zones.ts';

export function createGroup(state: RegistryState, { name, provider }: GroupRequest): Group {
  checkName(name);
  const taken = state.groupNames.get(name);
  if (taken !== undefined) {
    throw new ExistsError({
      says: `there is a group ${name} already`,
      next: 'use another name, or that group',
      operands: { name, group: handleOf(state, taken) },
    });
  }
  const group = createGroupRecord(state, { by: provider, records: new Set() });
  takeName(state, group, name);
  state.outbox.post({ kind: 'group-created', group: handleOf(state, group) });
  return handleOf(state, group);
}

export function freeGroup(state: RegistryState, handle: Group): void {
  const group = state.recordOfGroup.get(handle);
  if (group === undefined) {
    throw new NoDeviceError({
      says: `group ${handle.name} is of another registry`,
      next: 'name a group of this one',
      operands: { group: handle },
    });
  }
  refuseGone(group);
  if (group.claim !== undefined) throw heldBy(`group ${group.name}`, group.claim, { group: handle });
  const members = new Set([...group.records, ...(group.made?.records ?? [])]);
  if (members.size > 0) {
    const devices = [...members].map((record) => record.device);
    throw new BusyError({
      says: `group ${group.name} has ${devices.map((d) => d.name).join(', ')}`,
      next: group.made === undefined ? 'a group of facts goes with its devices' : 'remove its devices first',
      operands: { group: handle, devices },
    });
  }
  leaveDomain(state, group);
  freeGroupRecord(state, group);
  state.outbox.post({ kind: 'group-freed', group: handle });
}

/** In answer to `deviceAdded`: the arrival that is under way decides about claims and domains. */
export function addWhileAsked(state: RegistryState, group: GroupRecord, device: Device): void {
  const { record, made } = checkAddition(state, group, device);
  if (record.group !== undefined && (record.claim !== group.claim || record.domain !== group.domain)) {
    throw new BusyError({
      says: `device ${device.name} was there before, and group ${group.name} is in use`,
      next: 'add it when the registry is at rest',
      operands: { group: handleOf(state, group), device },
    });
  }
  record.madeFor = group;
  record.madeByProvider = true;
  made.records.add(record);
  state.madeMeanwhile.add(record);
}

export function addDevice(state: RegistryState, group: GroupRecord, device: Device): void {
  const { record, made } = checkAddition(state, group, device);
  const undo: (() => void)[] = [];
  try {
    record.madeFor = group;
    made.records.add(record);
    undo.push(() => {
      unmake(record);
      rezone([record]);
    });
    const zones = rezone([record, ...made.records]);
    if (group.claim !== undefined) enterClaim(state, group, record, undo);
    if (group.domain !== undefined) enterDomain(state, group, record, undo);
    regroup(state, zones);
    noteConflicts(state, zones);
    reviewClaims(state, zones);
  } catch (error) {
    for (const step of undo.toReversed()) step();
    throw error;
  }
}

function checkAddition(
  state: RegistryState,
  group: GroupRecord,
  device: Device,
): { readonly record: DeviceRecord; readonly made: NonNullable<GroupRecord['made']> } {
  refuseGone(group);
  const { made } = group;
  const names = { group: handleOf(state, group), device };
  if (made === undefined) {
    throw new InvalidError({
      says: `group ${group.name} follows from facts about its devices`,
      next: 'make a group with createGroup to put devices together',
      operands: names,
    });
  }
  const record = recordOf(state, device);
  if (record.quarantine !== undefined) {
    throw new NotPermittedError({
      says: `device ${device.name} is in quarantine (${record.quarantine.kind})`,
      next: 'admit it first, or take away what keeps it out',
      operands: { ...names, quarantine: record.quarantine },
    });
  }
  if (record.madeFor !== undefined) {
    throw new BusyError({
      says: `device ${device.name} was added to group ${record.madeFor.name}`,
      next: 'remove it there first',
      operands: { ...names, other: handleOf(state, record.madeFor) },
    });
  }
  if (record.claim !== undefined && record.claim !== group.claim) {
    throw heldBy(`device ${device.name}`, record.claim, names);
  }
  const moves = group.records.length > 0 || group.domain !== undefined;
  if (record.domain !== undefined && record.domain !== group.domain && moves) {
    throw new BusyError({
      says: `device ${device.name} is in domain ${record.domain.name}`,
      next: 'release that first',
      operands: { ...names, domain: record.domain },
    });
  }
  return { record, made };
}

/** The device, and what is in one group with it so far and has the same owner, enters the domain: all of them or none. */
function enterDomain(state: RegistryState, group: GroupRecord, record: DeviceRecord, undo: (() => void)[]): void {
  const domain = group.domain as NonNullable<typeof group.domain>;
  if (record.domain === domain) return;
  for (const one of record.group?.records ?? [record]) {
    if (one.claim !== group.claim) continue;
    const before = one.group;
    attachToDomain(state, domain, group, one);
    undo.push(() => {
      detachFromDomain(state, one);
      one.group = before;
    });
  }
}

/** All that the claim's policy joins to it then becomes part of the claim, if it may; not what the claim has lost to others. */
function enterClaim(state: RegistryState, group: GroupRecord, record: DeviceRecord, undo: (() => void)[]): void {
  const claim = group.claim as NonNullable<typeof group.claim>;
  const known = wasLost(claim);
  const lost = new Set(claim.losses.flatMap((loss) => (loss.kind === 'device' ? [loss.other] : [])));
  const joined = [...closureUnder([...claim.records, record], claim.policy, state.today)];
  const members = new Set(joined.filter((r) => r === record || !lost.has(r.device)));
  const names = { group: handleOf(state, group), device: record.device };
  for (const member of members) {
    if (member.claim !== undefined && member.claim !== claim)
      throw heldBy(`device ${member.device.name}`, member.claim, names);
  }
  const set = [...claim.records, record];
  const obstacles = findObstacles(set, (r) => members.has(r), claim.policy, state.today).filter((o) => !known(o));
  if (obstacles.length > 0) {
    throw new NotPermittedError({
      says: `it would open the claim of "${claim.manager.name}": ${obstacles.map(sayObstacle).join('; ')}`,
      next: 'take these away first',
      operands: { ...names, claim: claim.handle, obstacles },
    });
  }
  const fresh = [...members].filter((member) => member.claim !== claim);
  refuseStuck(state, fresh);
  for (const member of fresh) {
    member.claim = claim;
    claim.records.add(member);
    undo.push(() => {
      member.claim = undefined;
      claim.records.delete(member);
    });
    state.outbox.call('deviceAdded', claim.manager.name, () => {
      if (member.group === undefined || member.claim !== claim) return;
      claim.manager.callbacks.deviceAdded?.(member.device, handleOf(state, member.group), claim.handle);
    });
  }
}

/** In answer to `deviceRemoved`: the change that is under way does the rest. */
export function removeWhileAsked(state: RegistryState, group: GroupRecord, device: Device): void {
  const record = checkRemoval(state, group, device);
  unmake(record);
  state.madeMeanwhile.add(record);
}

function checkRemoval(state: RegistryState, group: GroupRecord, device: Device): DeviceRecord {
  refuseGone(group);
  const record = state.records.get(device);
  if (record === undefined || record.madeFor !== group) {
    throw new NoDeviceError({
      says: `device ${device.name} was not added to group ${group.name}`,
      next: 'remove it from the group that it was added to',
      operands: { group: handleOf(state, group), device },
    });
  }
  return record;
}

export function removeDevice(state: RegistryState, group: GroupRecord, device: Device): void {
  const record = checkRemoval(state, group, device);
  unmake(record);
  const zones = rezone([record, ...(group.made?.records ?? [])]);
  leaveWithoutReason(state, record);
  regroup(state, zones, [group]);
  noteConflicts(state, zones);
  reviewClaims(state, zones);
  reconsider(state);
}

/** Leaves the domain with all that interferes with it, unless facts still join it to others of the domain. */
function leaveWithoutReason(state: RegistryState, record: DeviceRecord): void {
  const { domain } = record;
  for (const zone of zonesOf([record])) {
    const p = groupsWithin(state, zone);
    const inside = componentsOf(p, zone, [record]);
    const around = zone.records.filter((r) => inside[p.groupOf[r.party] as number] === 1 && r.domain === domain);
    if (around.some((r) => r.madeFor !== undefined)) return;
    for (const one of around) detachFromDomain(state, one);
  }
}
