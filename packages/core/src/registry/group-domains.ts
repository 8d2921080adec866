/**
 * @module Domains of groups: the registry knows whose the groups are, and draws them anew when their domains change.
 */
import type { Domain, DomainChange } from '../domain/domain.ts';
import { newDomain } from '../domain/domain.ts';
import type { IommuOps } from '../domain/iommu-ops.ts';
import { BusyError, InvalidError } from '../errors.ts';
import { change } from './change.ts';
import { zonesOf } from './components.ts';
import { isOwnCall, ownDomainCall } from './domain-calls.ts';
import type { Group } from './group.ts';
import { handleOf, iommuOpsOf } from './group-record.ts';
import { heldBy, refuseGone } from './misuse.ts';
import { reconsider } from './quarantined.ts';
import type { GroupRecord } from './records.ts';
import { regroup } from './regroup.ts';
import type { RegistryState } from './state.ts';
import { noteStuck } from './stuck.ts';

export function setIommuOps(state: RegistryState, group: GroupRecord, ops: IommuOps): void {
  refuseGone(group);
  const has = iommuOpsOf(state, group);
  if (has !== undefined) {
    throw new BusyError({
      says: `group ${group.name} has the IOMMU operations of ${has.name}`,
      next: 'use these',
      operands: { group: handleOf(state, group), ops: has },
    });
  }
  group.iommuOps = ops;
}

export function createGroupDomain(state: RegistryState, group: GroupRecord): Domain {
  refuseGone(group);
  const handle = handleOf(state, group);
  const domain = newDomain(handle);
  ownDomainCall(state, { domain, group, what: 'attach-group' }, () => domain.attachGroup(handle));
  for (const record of group.records) record.domain = domain;
  regroup(state, zonesOf(group.records));
  return domain;
}

export function releaseGroupDomain(state: RegistryState, group: GroupRecord): void {
  refuseGone(group);
  const { domain } = group;
  if (domain === undefined) {
    throw new InvalidError({
      says: `group ${group.name} is in no domain`,
      next: 'there is nothing to release',
      operands: { group: handleOf(state, group) },
    });
  }
  leave(state, group, () =>
    ownDomainCall(state, { domain, group, what: 'release-group' }, () => domain.releaseGroup(handleOf(state, group))),
  );
}

/** `domain.attachGroup` and `domain.releaseGroup` come here; devices come and go with their groups only. */
export function aroundDomainChange(
  state: RegistryState,
  group: GroupRecord,
  domain: Domain,
  what: DomainChange,
  carryOut: () => void,
): void {
  const act = (): void => {
    try {
      carryOut();
    } finally {
      noteStuck(state, domain);
    }
  };
  if (isOwnCall(state, { domain, group, what })) act();
  else if (what === 'attach-group') {
    change(state, 'attaching a group to a domain', () => attach(state, group, domain, act));
  } else if (what === 'release-group') {
    change(state, 'releasing a group from a domain', () => leave(state, group, act));
  } else if (what === 'detach-stuck') {
    change(state, 'detaching what is stuck', act);
  } else {
    throw new InvalidError({
      says: `the devices of group ${group.name} come and go with the registry`,
      next: 'use attachGroup and releaseGroup',
      operands: { group: handleOf(state, group), domain },
    });
  }
}

function attach(state: RegistryState, group: GroupRecord, domain: Domain, act: () => void): void {
  refuseGone(group);
  for (const other of domain.groups) {
    const record = state.recordOfGroup.get(other as Group);
    if (record === undefined || record.claim?.manager === group.claim?.manager) continue;
    const stranger = record.claim === undefined ? group : record;
    if (stranger.claim === undefined) continue;
    const names = { group: handleOf(state, group), domain, other };
    const next = `claim ${group.name} and ${record.name} for one manager: a domain is not for several owners`;
    throw heldBy(`group ${stranger.name}`, stranger.claim, names, next);
  }
  act();
  for (const record of group.records) record.domain = domain;
  regroup(state, zonesOf(group.records));
}

function leave(state: RegistryState, group: GroupRecord, act: () => void): void {
  refuseGone(group);
  const zones = zonesOf(group.records);
  for (const record of group.records) record.domain = undefined;
  try {
    act();
  } finally {
    regroup(state, zones);
    reconsider(state);
  }
}
