/**
 * @module From zones to groups: components inherit groups, and what changed becomes events.
 */
import { groupName } from '../partition.ts';
import { groupsWithin, recordsIn } from './components.ts';
import { leaveDomain, moveInDomain } from './domain-calls.ts';
import { setGate } from './gate.ts';
import { createGroupRecord, freeGroupRecord, handleOf } from './group-record.ts';
import { inherit, type Part } from './inheritance.ts';
import { dropName, takeName } from './names.ts';
import { comesBy, newPass } from './passes.ts';
import { type DeviceRecord, type GroupRecord, isLive, type Zone } from './records.ts';
import type { RegistryState } from './state.ts';

/** A component and the group that it becomes. */
interface Move {
  readonly part: Part;
  readonly group: GroupRecord;
  readonly fresh: boolean;
  /** Groups that devices of it were in. */
  readonly origins: ReadonlySet<GroupRecord>;
}

/** Groups before the change, with the devices that they had. */
type Before = Map<GroupRecord, readonly DeviceRecord[]>;

/**
 * Gives the components of these zones their groups.
 * @param left groups that lost devices to nowhere: unplugged, or in quarantine
 */
export function regroup(state: RegistryState, zones: Iterable<Zone>, left: Iterable<GroupRecord> = []): void {
  const parts = [...zones].flatMap((zone) => partsOf(state, zone));
  const heirs = inherit(parts);
  const before: Before = new Map();
  const touch = (group: GroupRecord): void => {
    if (!before.has(group)) before.set(group, group.records);
  };
  for (const group of left) touch(group);
  const moves = parts.flatMap((part, k): readonly Move[] => {
    const heir = heirs[k];
    if (heir !== undefined && isSettled(state, part, heir)) return [];
    const origins = new Set<GroupRecord>();
    for (const { group } of part.records) if (group !== undefined) origins.add(group);
    for (const group of origins) touch(group);
    if (heir !== undefined) touch(heir);
    return [{ part, group: heir ?? createGroupRecord(state), fresh: heir === undefined, origins }];
  });
  if (before.size === 0 && moves.length === 0) return;

  for (const move of moves) settle(state, move);
  for (const group of before.keys()) group.records = group.records.filter((r) => r.group === group && isLive(r));
  const freed = [...before].filter(([group, old]) => group.records.length === 0 && endsWith(group, old));
  for (const [group, old] of freed) free(state, group, old);
  // A domain is for devices: a group that nobody holds and where nothing is has no part in it.
  for (const group of before.keys())
    if (group.records.length === 0 && group.claim === undefined) leaveDomain(state, group);
  nameAnew(state, moves);
  announce(state, before, moves);
}

function partsOf(state: RegistryState, zone: Zone): readonly Part[] {
  const p = groupsWithin(state, zone);
  return Array.from({ length: p.groupCount }, (_, g) => ({ records: recordsIn(zone, p, g), name: groupName(p, g) }));
}

/** Nothing to do: same devices in the same order, same owner, same name. */
function isSettled(state: RegistryState, part: Part, group: GroupRecord): boolean {
  const { records } = part;
  if (group.records.length !== records.length || group.claim !== records[0]?.claim) return false;
  if (wantsName(state, part, group)) return false;
  return records.every((record, k) => record.group === group && group.records[k] === record);
}

/** It begins with another device now, or its name without a number has become free. */
function wantsName(state: RegistryState, { name }: Part, group: GroupRecord): boolean {
  if (keepsName(group)) return false;
  return group.baseName !== name || (group.name !== name && !state.groupNames.has(name));
}

/** A group that somebody holds, or named, does not change its name. */
function keepsName(group: GroupRecord): boolean {
  return group.claim !== undefined || group.made !== undefined;
}

function settle(state: RegistryState, { part: { records }, group, origins }: Move): void {
  for (const origin of origins) group.iommuOps ??= origin.iommuOps;
  for (const record of records) {
    if (record.group !== undefined && record.group !== group && record.domain !== undefined) {
      moveInDomain(state, record.domain, record.group, group, record);
    }
    record.group = group;
    if (record.claim !== undefined || record.gate !== undefined) setGate(record);
  }
  group.records = records;
  const claim = records[0]?.claim;
  if (group.claim === claim) return;
  group.claim?.groups.delete(group);
  group.claim = claim;
  claim?.groups.add(group);
}

/** A group ends when others took what it had. One that was emptied by unplugging stays with its claim. */
function endsWith(group: GroupRecord, old: readonly DeviceRecord[]): boolean {
  if (group.made !== undefined) return false;
  return group.claim === undefined || successorOf(group, old) !== undefined;
}

function successorOf(group: GroupRecord, old: readonly DeviceRecord[]): GroupRecord | undefined {
  return old.find((r) => isLive(r) && r.group !== group)?.group;
}

function free(state: RegistryState, group: GroupRecord, old: readonly DeviceRecord[]): void {
  const successor = successorOf(group, old);
  for (const [place, kept] of group.claim?.places ?? []) {
    if (kept === group && successor !== undefined) group.claim?.places.set(place, successor);
  }
  leaveDomain(state, group);
  freeGroupRecord(state, group);
}

/** Names go back before they are given out: two groups may exchange theirs. */
function nameAnew(state: RegistryState, moves: readonly Move[]): void {
  const named = moves.filter(({ part, group, fresh }) => fresh || wantsName(state, part, group));
  const from = named.map(({ group }) => group.name);
  for (const { group, fresh } of named) if (!fresh) dropName(state, group);
  for (const { part, group } of named) takeName(state, group, part.name);
  named.forEach(({ group, fresh }, k) => {
    if (fresh || group.name === from[k]) return;
    state.outbox.post({ kind: 'group-renamed', group: handleOf(state, group), from: from[k] as string });
  });
}

function announce(state: RegistryState, before: Before, moves: readonly Move[]): void {
  const { outbox } = state;
  for (const { group, fresh } of moves)
    if (fresh) outbox.post({ kind: 'group-created', group: handleOf(state, group) });
  for (const { group, fresh, origins } of moves) {
    for (const from of origins) {
      if (from === group) continue;
      const ends = { from: handleOf(state, from), into: handleOf(state, group) };
      if (from.records.length === 0) outbox.post({ kind: 'merged', ...ends });
      else if (fresh) outbox.post({ kind: 'split', ...ends });
    }
  }
  for (const [group, old] of before) {
    if (!group.present) continue;
    const pass = newPass();
    for (const r of old) comesBy(pass, r);
    const added = group.records.filter((r) => comesBy(pass, r)).map((r) => r.device);
    const removed = old.filter((r) => r.group !== group || !isLive(r)).map((r) => r.device);
    if (added.length + removed.length === 0) continue;
    outbox.post({ kind: 'group-changed', group: handleOf(state, group), added, removed });
  }
  for (const group of before.keys()) {
    if (!group.present) outbox.post({ kind: 'group-freed', group: handleOf(state, group) });
  }
}
