/**
 * @module Asking providers, and keeping what they see. A provider that throws, or says what cannot be, counts as not having
 * seen the devices that it was asked about: that is unknown, and unknown is not absent.
 */
import { InvalidError } from '../errors.ts';
import type { InterferenceGraph } from '../graph.ts';
import { checkedGraph, opaqueGraph } from './checked-graph.ts';
import { guard } from './outbox.ts';
import { comesBy, newPass } from './passes.ts';
import type { Sighting } from './provider.ts';
import { type DeviceRecord, isLive, NOBODY, type Registration, type SeenZone } from './records.ts';
import type { RegistryState } from './state.ts';

/** Tells all providers of its bus of a device. @returns the devices whose surroundings may have changed. */
export function showToProviders(state: RegistryState, record: DeviceRecord): readonly DeviceRecord[] {
  return servingBusOf(state, record).flatMap((registration) => playBack(state, registration, [record]));
}

/** Tells them that it is gone. */
export function hideFromProviders(state: RegistryState, record: DeviceRecord): readonly DeviceRecord[] {
  return servingBusOf(state, record).flatMap((registration) => takeBack(state, registration, record));
}

function servingBusOf(state: RegistryState, record: DeviceRecord): readonly Registration[] {
  return state.registrations.filter((r) => r.busses.has(record.device.bus));
}

/**
 * Shows devices to one provider, in their order. Zones only grow meanwhile, so the last sighting of each device tells all;
 * those that a later one covers are never looked at.
 */
export function playBack(
  state: RegistryState,
  registration: Registration,
  records: readonly DeviceRecord[],
): readonly DeviceRecord[] {
  const { provider } = registration;
  const sightings = records.map((record) =>
    ask(state, registration, record, 'deviceAdded', () => provider.deviceAdded(record.device)),
  );
  const [only] = records;
  if (only !== undefined && records.length === 1) {
    const seen = sightings[0] === undefined ? [] : remember(state, registration, sightings[0]);
    if (seen === undefined) missed(only, registration);
    return [only, ...(seen ?? []), ...madeMeanwhile(state)];
  }
  const covered = new Set<DeviceRecord>();
  for (let k = records.length - 1; k >= 0; k--) {
    const sighting = sightings[k];
    if (sighting === undefined || covered.has(records[k] as DeviceRecord)) continue;
    const seen = remember(state, registration, sighting);
    if (seen === undefined) missed(records[k] as DeviceRecord, registration);
    for (const r of seen ?? []) covered.add(r);
  }
  for (const record of records) covered.add(record);
  return [...covered, ...madeMeanwhile(state)];
}

/** Takes a device away from one provider, which tells what is left of its zone. */
export function takeBack(
  state: RegistryState,
  registration: Registration,
  record: DeviceRecord,
): readonly DeviceRecord[] {
  const { provider } = registration;
  const old = seenBy(record, registration);
  const left = ask(state, registration, record, 'deviceRemoved', () => provider.deviceRemoved(record.device));
  record.unseenBy = record.unseenBy.filter((name) => name !== provider.name);
  if (old !== undefined) forget(old);
  const said = (left ?? []).map((sighting) => remember(state, registration, sighting));
  if (left === undefined || said.includes(undefined))
    for (const other of old?.records ?? []) missed(other, registration);
  return [record, ...(old?.records ?? []), ...madeMeanwhile(state)];
}

function madeMeanwhile(state: RegistryState): readonly DeviceRecord[] {
  const made = [...state.madeMeanwhile];
  state.madeMeanwhile.clear();
  return made;
}

function seenBy(record: DeviceRecord, registration: Registration): SeenZone | undefined {
  const { seen } = record;
  // By index: it is asked for each device of a zone, and an iterator for each is what the collector would notice.
  for (let k = 0; k < seen.length; k++) if (seen[k]?.registration === registration) return seen[k];
  return undefined;
}

/** All of the zone lose it; whoever is in the next sighting gets that instead. */
function forget(zone: SeenZone): void {
  for (const record of zone.records) {
    record.seen = record.seen.length === 1 && record.seen[0] === zone ? NOBODY : record.seen.filter((z) => z !== zone);
  }
}

function ask<T>(
  state: RegistryState,
  registration: Registration,
  record: DeviceRecord,
  question: string,
  act: () => T,
): T | undefined {
  let answered = false;
  const answer = guard(state.outbox, question, registration.provider.name, () =>
    state.sections.question(() => {
      const said = act();
      answered = true;
      return said;
    }),
  );
  if (!answered) missed(record, registration);
  return answer;
}

function missed(record: DeviceRecord, { provider }: Registration): void {
  if (!record.unseenBy.includes(provider.name)) record.unseenBy = [...record.unseenBy, provider.name];
}

function remember(
  state: RegistryState,
  registration: Registration,
  sighting: Sighting,
): readonly DeviceRecord[] | undefined {
  const records = guard(state.outbox, 'sighting', registration.provider.name, () =>
    recordsOf(state, registration, sighting),
  );
  if (records === undefined) return undefined;
  const zone: SeenZone = { registration, records, graph: graphOnce(state, registration, sighting, records) };
  for (const record of records) {
    const old = seenBy(record, registration);
    if (old !== undefined) forget(old);
  }
  const alone = [zone];
  for (const record of records) {
    record.seen = record.seen.length === 0 ? alone : [...record.seen, zone];
    if (record.unseenBy.length > 0) record.unseenBy = record.unseenBy.filter((n) => n !== registration.provider.name);
  }
  return records;
}

function recordsOf(state: RegistryState, registration: Registration, sighting: Sighting): readonly DeviceRecord[] {
  const records = sighting.devices.map((device) => {
    const record = state.records.get(device);
    if (record !== undefined && isLive(record) && registration.busses.has(device.bus)) return record;
    throw new InvalidError({
      says: `provider ${registration.provider.name} sees ${device.name}, which it was not shown`,
      next: 'tell of devices that were added, and not after they were removed',
      operands: { device, provider: registration.provider },
    });
  });
  const pass = newPass();
  if (records.every((record) => comesBy(pass, record))) return records;
  throw new InvalidError({
    says: `provider ${registration.provider.name} sees a device twice in one zone`,
    next: 'name each device once',
    operands: { sighting, provider: registration.provider },
  });
}

function graphOnce(
  state: RegistryState,
  registration: Registration,
  sighting: Sighting,
  records: readonly DeviceRecord[],
): SeenZone['graph'] {
  let made: ReturnType<SeenZone['graph']> | undefined;
  let source: Sighting | undefined = sighting;
  return () => {
    if (made !== undefined || source === undefined) return made as InterferenceGraph;
    const asked = source;
    // What the provider made the graph from is not kept.
    source = undefined;
    const graph = guard(state.outbox, 'graph', registration.provider.name, () =>
      state.sections.question(() => checkedGraph(asked.graph(), records.length)),
    );
    if (graph === undefined) for (const record of records) missed(record, registration);
    made = graph ?? opaqueGraph(records.map((r) => r.device));
    return made;
  };
}
