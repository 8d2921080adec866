/**
 * @module The way of a device into the registry: providers are asked, the decision is carried out, or nothing has happened.
 */
import { zonesOf } from './components.ts';
import { noteConflict, noteConflicts } from './conflicts.ts';
import type { Arrival } from './decide-arrival.ts';
import { attachToDomain } from './domain-calls.ts';
import { setGate } from './gate.ts';
import { handleOf } from './group-record.ts';
import { reviewClaims } from './losses.ts';
import type { Quarantine } from './quarantine.ts';
import { type DeviceRecord, isLive, placeOf, unmake } from './records.ts';
import { regroup } from './regroup.ts';
import { hideFromProviders, showToProviders } from './sightings.ts';
import type { RegistryState } from './state.ts';
import { rezone } from './zones.ts';

/** @returns why it was not let in; it then is in no zone and no group, and has to go into quarantine */
export function arrive(
  state: RegistryState,
  record: DeviceRecord,
  decide: (state: RegistryState, record: DeviceRecord) => Arrival,
): Quarantine | undefined {
  if (record.parent !== undefined && !isLive(record.parent)) return { kind: 'below', parent: record.parent.device };
  record.quarantine = undefined;
  const zones = rezone([...showToProviders(state, record), record]);
  const arrival = decide(state, record);
  const reason = arrival.kind === 'quarantine' ? arrival.reason : enter(state, record, arrival);
  if (reason !== undefined) {
    leaveAgain(state, record, reason);
    return reason;
  }
  // The group of the slot that it comes back to may have others, somewhere else by now.
  const kept = arrival.kind === 'enter' ? (arrival.group?.records ?? []) : [];
  regroup(state, new Set([...zones, ...zonesOf(kept)]));
  noteConflicts(state, zones);
  reviewClaims(state, zones);
  announce(state, record);
  return undefined;
}

function enter(
  state: RegistryState,
  record: DeviceRecord,
  { claim, group, domain }: Extract<Arrival, { kind: 'enter' }>,
): Quarantine | undefined {
  if (domain !== undefined && group !== undefined) {
    try {
      attachToDomain(state, domain, group, record);
    } catch (error) {
      return { kind: 'attach-failed', domain, error };
    }
  }
  // Whoever had it last, has the place.
  const place = placeOf(record);
  for (const other of state.claims) other.places.delete(place);
  if (claim === undefined) return undefined;
  record.claim = claim;
  record.group = group;
  claim.records.add(record);
  return undefined;
}

function leaveAgain(state: RegistryState, record: DeviceRecord, reason: Quarantine): void {
  record.quarantine = reason;
  const around = hideFromProviders(state, record);
  unmake(record);
  const zones = rezone([...around, record]);
  regroup(state, zones);
  noteConflicts(state, zones);
  noteConflict(state, record);
}

function announce(state: RegistryState, record: DeviceRecord): void {
  const { claim, device } = record;
  setGate(record);
  if (claim === undefined) return;
  const { manager } = claim;
  state.outbox.call('deviceAdded', manager.name, () => {
    // It may be gone again, or given back, before its turn comes.
    if (record.group === undefined || record.claim !== claim) return;
    manager.callbacks.deviceAdded?.(device, handleOf(state, record.group), claim.handle);
  });
}
