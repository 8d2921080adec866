/**
 * @module What the registry itself has domains do. The hook of the group lets these calls pass.
 */
import type { Domain } from '../domain/domain.ts';
import { handleOf } from './group-record.ts';
import { guard } from './outbox.ts';
import type { DeviceRecord, GroupRecord } from './records.ts';
import type { RegistryState } from './state.ts';

export function ownDomainCall<T>(state: RegistryState, act: () => T): T {
  state.domainCalls++;
  try {
    return act();
  } finally {
    state.domainCalls--;
  }
}

/** The device stays attached; it counts with another group of the domain from now on. */
export function moveInDomain(
  state: RegistryState,
  domain: Domain,
  from: GroupRecord,
  to: GroupRecord,
  record: DeviceRecord,
): void {
  ownDomainCall(state, () => domain.regroup(handleOf(state, from), handleOf(state, to), [record.device]));
}

/** @throws IoError refused: it is not attached */
export function attachToDomain(state: RegistryState, domain: Domain, group: GroupRecord, record: DeviceRecord): void {
  ownDomainCall(state, () => domain.attachDevice(handleOf(state, group), record.device));
  record.domain = domain;
  record.group = group;
}

/** Detaches a device of a group. An IOMMU that does not let go of it is reported. */
export function detachFromDomain(state: RegistryState, record: DeviceRecord): void {
  const { domain, group } = record;
  if (domain === undefined || group === undefined) return;
  record.domain = undefined;
  guard(state.outbox, 'detach', domain.ops.name, () =>
    ownDomainCall(state, () => domain.detachDevice(handleOf(state, group), record.device)),
  );
}

/** Takes a group without devices out of its domain. A device that an IOMMU still does not let go of is reported. */
export function leaveDomain(state: RegistryState, group: GroupRecord): void {
  const { domain } = group;
  if (domain === undefined) return;
  guard(state.outbox, 'detach', domain.ops.name, () =>
    ownDomainCall(state, () => domain.releaseGroup(handleOf(state, group))),
  );
}
