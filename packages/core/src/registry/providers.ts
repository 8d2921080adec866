/**
 * @module Registering providers for busses, with playback of the devices that are present.
 */
import { ExistsError, NoDeviceError } from '../errors.ts';
import { noteConflicts } from './conflicts.ts';
import { reviewClaims } from './losses.ts';
import type { IsolationProvider } from './provider.ts';
import { reconsider } from './quarantined.ts';
import { type DeviceRecord, isLive, type Registration } from './records.ts';
import { regroup } from './regroup.ts';
import { playBack, takeBack } from './sightings.ts';
import type { RegistryState } from './state.ts';
import { rezone } from './zones.ts';

export function registerProvider(state: RegistryState, busses: readonly string[], provider: IsolationProvider): void {
  const registered = state.registrations.find((r) => r.provider === provider);
  const twice = busses.find((bus) => registered?.busses.has(bus));
  if (twice !== undefined) {
    throw new ExistsError({
      says: `provider ${provider.name} serves bus ${twice} already`,
      next: 'register it once for each bus',
      operands: { provider, bus: twice },
    });
  }
  const registration = registered ?? createRegistration(state, provider);
  for (const bus of busses) registration.busses.add(bus);
  drawAnew(state, playBack(state, registration, presentOn(state, busses)));
}

export function unregisterProvider(state: RegistryState, busses: readonly string[], provider: IsolationProvider): void {
  const registration = state.registrations.find((r) => r.provider === provider);
  const wrong = busses.find((bus) => registration === undefined || !registration.busses.has(bus));
  if (registration === undefined || wrong !== undefined) {
    throw new NoDeviceError({
      says: `provider ${provider.name} does not serve bus ${wrong}`,
      next: 'unregister it from busses that it was registered for',
      operands: { provider, bus: wrong },
    });
  }
  const around = presentOn(state, busses).flatMap((record) => takeBack(state, registration, record));
  for (const bus of busses) registration.busses.delete(bus);
  if (registration.busses.size === 0) state.registrations.splice(state.registrations.indexOf(registration), 1);
  drawAnew(state, around);
}

function createRegistration(state: RegistryState, provider: IsolationProvider): Registration {
  const registration: Registration = { provider, busses: new Set(), serial: state.nextSerial++ };
  state.registrations.push(registration);
  return registration;
}

function presentOn(state: RegistryState, busses: readonly string[]): readonly DeviceRecord[] {
  return [...state.records.values()].filter((record) => isLive(record) && busses.includes(record.device.bus));
}

/** All are there already: they keep their owners and domains, and claims hear what they lost. */
function drawAnew(state: RegistryState, around: Iterable<DeviceRecord>): void {
  const zones = rezone(around);
  regroup(state, zones);
  noteConflicts(state, zones);
  reviewClaims(state, zones);
  reconsider(state);
}
