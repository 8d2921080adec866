/**
 * @module Devices that an IOMMU did not let go of: their DMA still reaches what a domain maps. They are kept off the bus, and
 * nobody can claim them, until the domain lets go of them or ends, or another one has them.
 */
import type { Domain } from '../domain/domain.ts';
import { BusyError } from '../errors.ts';
import { ownDomainCall } from './domain-calls.ts';
import { isBridge, setGate } from './gate.ts';
import type { Group } from './group.ts';
import { setBusMaster } from './quarantined.ts';
import type { DeviceRecord } from './records.ts';
import type { RegistryState } from './state.ts';

/** After whatever a domain did. */
export function noteStuck(state: RegistryState, domain: Domain): void {
  for (const { device } of domain.stuck) {
    const record = state.records.get(device);
    if (record?.present && record.stuckIn === undefined && holds(domain, record)) getStuck(state, record, domain);
  }
  for (const record of state.stuck) {
    if (record.stuckIn === undefined || holds(record.stuckIn, record)) continue;
    forgetStuck(state, record);
    setGate(record);
    setBusMaster(state, record, true);
  }
}

/** It is nowhere any more. */
export function forgetStuck(state: RegistryState, record: DeviceRecord): void {
  record.stuckIn = undefined;
  state.stuck.delete(record);
}

/** Has the IOMMUs try once more. @throws BusyError one of these devices is stuck all the same */
export function refuseStuck(state: RegistryState, records: Iterable<DeviceRecord>): void {
  for (const record of records) {
    const domain = record.stuckIn;
    if (domain === undefined) continue;
    const cause = tryAgain(state, domain);
    if (record.stuckIn === undefined) continue;
    throw new BusyError({
      says: `${domain.ops.name} does not let go of ${record.device.name}: it still reaches what domain ${domain.name} maps`,
      next: 'release that domain, or try again',
      operands: { device: record.device, domain },
      cause,
    });
  }
}

function tryAgain(state: RegistryState, domain: Domain): unknown {
  const group = state.recordOfGroup.get(domain.groups[0] as Group);
  if (group === undefined) return undefined;
  try {
    ownDomainCall(state, { domain, group, what: 'detach-stuck' }, () => domain.detachStuck());
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Through a domain that is over nothing can be reached. */
function holds(domain: Domain, { device }: DeviceRecord): boolean {
  return domain.groups.length > 0 && domain.stuck.some((s) => s.device === device);
}

/** A bridge stays on: it carries the traffic of others. */
function getStuck(state: RegistryState, record: DeviceRecord, domain: Domain): void {
  record.stuckIn = domain;
  state.stuck.add(record);
  setGate(record);
  if (!isBridge(record)) setBusMaster(state, record, false);
}
