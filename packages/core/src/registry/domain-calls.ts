/**
 * @module What the registry itself has domains do. The hook of the group lets these calls pass.
 */
import type { Domain, DomainChange } from '../domain/domain.ts';
import { handleOf } from './group-record.ts';
import { guard } from './outbox.ts';
import type { DeviceRecord, GroupRecord } from './records.ts';
import type { RegistryState } from './state.ts';

export interface DomainCall {
  readonly domain: Domain;
  readonly group: GroupRecord;
  readonly what: DomainChange;
}

/** Runs `act`, which makes this one call; what an IOMMU calls meanwhile is not ours. */
export function ownDomainCall(state: RegistryState, call: DomainCall, act: () => void): void {
  state.domainCall = call;
  try {
    act();
  } finally {
    state.domainCall = undefined;
  }
}

/** Whether this is the call that the registry is making. It is so once. */
export function isOwnCall(state: RegistryState, { domain, group, what }: DomainCall): boolean {
  const own = state.domainCall;
  if (own?.domain !== domain || own.group !== group || own.what !== what) return false;
  state.domainCall = undefined;
  return true;
}

/** The device stays attached; it counts with another group of the domain from now on. */
export function moveInDomain(
  state: RegistryState,
  domain: Domain,
  from: GroupRecord,
  to: GroupRecord,
  record: DeviceRecord,
): void {
  ownDomainCall(state, { domain, group: to, what: 'regroup' }, () =>
    domain.regroup(handleOf(state, from), handleOf(state, to), [record.device]),
  );
}

/** @throws IoError refused: it is not attached */
export function attachToDomain(state: RegistryState, domain: Domain, group: GroupRecord, record: DeviceRecord): void {
  ownDomainCall(state, { domain, group, what: 'attach-device' }, () =>
    domain.attachDevice(handleOf(state, group), record.device),
  );
  record.domain = domain;
  record.group = group;
}

/** Detaches a device of a group. An IOMMU that does not let go of it is reported. */
export function detachFromDomain(state: RegistryState, record: DeviceRecord): void {
  const { domain, group } = record;
  if (domain === undefined || group === undefined) return;
  record.domain = undefined;
  guard(state.outbox, 'detach', domain.ops.name, () =>
    ownDomainCall(state, { domain, group, what: 'detach-device' }, () =>
      domain.detachDevice(handleOf(state, group), record.device),
    ),
  );
}

/** Takes a group without devices out of its domain. A device that an IOMMU still does not let go of is reported. */
export function leaveDomain(state: RegistryState, group: GroupRecord): void {
  const { domain } = group;
  if (domain === undefined) return;
  guard(state.outbox, 'detach', domain.ops.name, () =>
    ownDomainCall(state, { domain, group, what: 'release-group' }, () => domain.releaseGroup(handleOf(state, group))),
  );
}
