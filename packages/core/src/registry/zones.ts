/**
 * @module Zones: what anything at all joins, whatever a policy accepts. All work on the graph happens inside of one, so a
 * change costs what its zone costs, never the machine.
 */
import { composeGraph } from './compose-graph.ts';
import { setGate } from './gate.ts';
import { comesBy, newPass } from './passes.ts';
import { type DeviceRecord, isLive, isVouchedFor, type SeenZone, type Zone } from './records.ts';

/** Draws anew the zones of these devices, and of all that were in one zone with them. */
export function rezone(seeds: Iterable<DeviceRecord>): readonly Zone[] {
  const zones: Zone[] = [];
  const old = new Set<Zone>();
  const pass = newPass();
  const pending: (Iterable<DeviceRecord> | undefined)[] = [seeds];
  const leaveZone = ({ zone }: DeviceRecord): void => {
    if (zone === undefined || old.has(zone)) return;
    old.add(zone);
    pending.push(zone.records);
  };
  for (let some = pending.pop(); some !== undefined; some = pending.pop()) {
    for (const seed of some) {
      if (!comesBy(pass, seed)) continue;
      leaveZone(seed);
      if (!isLive(seed)) {
        seed.zone = undefined;
        continue;
      }
      const closure = closureOf(seed, pass);
      for (const record of closure.records) leaveZone(record);
      zones.push(createZone(closure));
    }
  }
  return zones;
}

interface Closure {
  readonly records: readonly DeviceRecord[];
  readonly seen: readonly SeenZone[];
}

function closureOf(start: DeviceRecord, pass: number): Closure {
  const records = [start];
  const seen: SeenZone[] = [];
  const add = (record: DeviceRecord): void => {
    if (comesBy(pass, record)) records.push(record);
  };
  let before: DeviceRecord['seen'] | undefined;
  // The array tells what was added to it while it is walked.
  for (const record of records) {
    // Devices of one sighting have one list.
    if (record.seen !== before) {
      before = record.seen;
      for (const zone of before) {
        if (seen.includes(zone)) continue;
        seen.push(zone);
        zone.records.forEach(add);
      }
    }
    if (record.madeFor?.made !== undefined) for (const r of record.madeFor.made.records) if (isLive(r)) add(r);
    if (!isVouchedFor(record) && record.parent !== undefined) add(record.parent);
    if (record.children === undefined) continue;
    for (const child of record.children) if (isLive(child) && !isVouchedFor(child)) add(child);
  }
  return { records, seen };
}

/** Devices in the order of their providers, then those that nobody sees, parents first: the lowest names a group. */
function createZone(closure: Closure): Zone {
  const first = (zone: SeenZone): number => zone.records[0]?.serial ?? 0;
  const sightings = [...closure.seen].sort(
    (a, b) => a.registration.serial - b.registration.serial || first(a) - first(b),
  );
  const records = inOrder(closure, sightings);
  records.forEach((record, party) => {
    record.party = party;
  });
  const zone: Zone = { records, graph: composeGraph(records, sightings), partitions: new Map() };
  for (const record of records) {
    record.zone = zone;
    // Its provider may call it a bridge now, or not any more.
    if (record.claim !== undefined || record.stuckIn !== undefined) setGate(record);
  }
  return zone;
}

function inOrder({ records }: Closure, sightings: readonly SeenZone[]): readonly DeviceRecord[] {
  const [only] = sightings;
  if (sightings.length === 1 && only?.records.length === records.length) return only.records;
  const ordered = new Set(sightings.flatMap((zone) => zone.records));
  const unseen = records.filter((r) => r.seen.length === 0).sort((a, b) => a.serial - b.serial);
  return [...ordered, ...unseen];
}
