/**
 * @module Devices that come, change and go, as the machine tells it.
 */
import type { Device } from '../device.ts';
import { arrive } from './arrive.ts';
import { noteConflict, noteConflicts } from './conflicts.ts';
import { decideArrival } from './decide-arrival.ts';
import { detachFromDomain } from './domain-calls.ts';
import { handleOf } from './group-record.ts';
import { reviewClaim, reviewClaims } from './losses.ts';
import { parentIsMissing, recordOf, thereAlready } from './misuse.ts';
import { guard } from './outbox.ts';
import { endQuarantine, enterQuarantine, reconsider } from './quarantined.ts';
import { type DeviceRecord, NOBODY, placeOf, unmake } from './records.ts';
import { regroup } from './regroup.ts';
import { hideFromProviders, showToProviders } from './sightings.ts';
import type { RegistryState } from './state.ts';
import { forgetStuck } from './stuck.ts';
import { rezone } from './zones.ts';

/** Registers a device; nobody was asked about it yet. */
export function createDeviceRecord(state: RegistryState, device: Device): DeviceRecord {
  if (state.records.has(device)) throw thereAlready(device);
  const parent = device.parent === undefined ? undefined : state.records.get(device.parent);
  if (device.parent !== undefined && parent === undefined) throw parentIsMissing(device, device.parent);
  const record: DeviceRecord = {
    device,
    serial: state.nextSerial++,
    parent,
    children: undefined,
    present: true,
    seen: NOBODY,
    unseenBy: NOBODY,
    madeFor: undefined,
    madeByProvider: false,
    zone: undefined,
    party: -1,
    pass: 0,
    group: undefined,
    claim: undefined,
    domain: undefined,
    quarantine: undefined,
    stuckIn: undefined,
    gate: undefined,
    link: undefined,
  };
  state.records.set(device, record);
  if (parent !== undefined) {
    parent.children ??= new Set();
    parent.children.add(record);
  }
  return record;
}

/** `BUS_NOTIFY_ADD_DEVICE` of `isolation_bus_notify`. */
export function deviceAdded(state: RegistryState, device: Device): void {
  state.announced.delete(device);
  const record = createDeviceRecord(state, device);
  const reason = arrive(state, record, decideArrival);
  if (reason !== undefined) enterQuarantine(state, record, reason);
  // While it waited for its turn, a bus that does not ask may have bound it.
  driverBound(state, device);
}

/** It is still there: its manager hears of it at once. One that waits to be added has none. */
export function deviceRemoving(state: RegistryState, device: Device): void {
  const { claim, group } = state.records.get(device) ?? {};
  if (claim === undefined || group === undefined) return;
  const { manager } = claim;
  guard(state.outbox, 'deviceRemoving', manager.name, () =>
    manager.callbacks.deviceRemoving?.(device, handleOf(state, group), claim.handle),
  );
}

/** `BUS_NOTIFY_DEL_DEVICE`. What sits on it goes with it, whether or not the machine said so. */
export function deviceRemoved(state: RegistryState, device: Device): void {
  const record = recordOf(state, device);
  for (const child of record.children ?? NOBODY) deviceRemoved(state, child.device);
  const { claim, group } = record;
  record.present = false;
  const around = record.quarantine === undefined ? hideFromProviders(state, record) : [];
  detachFromDomain(state, record);
  forgetStuck(state, record);
  unmake(record);
  if (claim !== undefined && group !== undefined) {
    claim.records.delete(record);
    claim.places.set(placeOf(record), group);
  }
  record.parent?.children?.delete(record);
  state.records.delete(device);
  noteConflict(state, record);
  endQuarantine(state, record, 'unplugged');

  const zones = rezone([...around, record]);
  regroup(state, zones, group === undefined ? [] : [group]);
  noteConflicts(state, zones);
  reviewClaims(state, zones);
  if (claim !== undefined) reviewClaim(state, claim);
  reconsider(state);
}

/** Its registers say something new: what is there stays where it is, and claims hear what they lost. */
export function deviceChanged(state: RegistryState, device: Device): void {
  const record = recordOf(state, device);
  if (record.quarantine === undefined) {
    const zones = rezone([...hideFromProviders(state, record), ...showToProviders(state, record)]);
    regroup(state, zones);
    noteConflicts(state, zones);
    reviewClaims(state, zones);
  }
  reconsider(state);
}

/** A bus that asks the gate never gets here with a driver that the gate refuses. */
export function driverBound(state: RegistryState, device: Device): void {
  const gate = state.records.get(device)?.gate;
  const { driver } = device;
  if (driver === undefined || gate === undefined || gate.has(driver)) return;
  state.outbox.post({ kind: 'gate-bypassed', device, driver });
}
