/**
 * @module Zones: what anything at all joins, whatever a policy accepts. All work on the graph happens inside of one, so a
 * change costs what its zone costs, never the machine.
 */
import { composeGraph } from './compose-graph.ts';
import { setGate } from './gate.ts';
import { type DeviceRecord, isLive, isVouchedFor, type SeenZone, type Zone } from './records.ts';

/** Draws anew the zones of these devices, and of all that were in one zone with them. */
export function rezone(seeds: Iterable<DeviceRecord>): readonly Zone[] {
  const zones: Zone[] = [];
  const placed = new Set<DeviceRecord>();
  const old = new Set<Zone>();
  const pending: DeviceRecord[] = [...seeds];
  const leaveZone = (record: DeviceRecord): void => {
    if (record.zone === undefined || old.has(record.zone)) return;
    old.add(record.zone);
    for (const r of record.zone.records) pending.push(r);
  };
  for (let seed = pending.pop(); seed !== undefined; seed = pending.pop()) {
    if (placed.has(seed)) continue;
    leaveZone(seed);
    if (!isLive(seed)) {
      seed.zone = undefined;
      continue;
    }
    const { records, seen } = closureOf(seed);
    for (const record of records) {
      placed.add(record);
      leaveZone(record);
    }
    zones.push(createZone(records, seen));
  }
  return zones;
}

interface Closure {
  readonly records: ReadonlySet<DeviceRecord>;
  readonly seen: ReadonlySet<SeenZone>;
}

function closureOf(start: DeviceRecord): Closure {
  const records = new Set<DeviceRecord>([start]);
  const seen = new Set<SeenZone>();
  // A set tells what was added to it while it is walked.
  for (const record of records) {
    for (const zone of record.seen) {
      if (seen.has(zone)) continue;
      seen.add(zone);
      for (const r of zone.records) records.add(r);
    }
    for (const r of record.madeFor?.made?.records ?? []) if (isLive(r)) records.add(r);
    if (!isVouchedFor(record) && record.parent !== undefined) records.add(record.parent);
    for (const child of record.children) if (isLive(child) && !isVouchedFor(child)) records.add(child);
  }
  return { records, seen };
}

/** Devices in the order of their providers, then those that nobody sees, parents first: the lowest names a group. */
function createZone(all: ReadonlySet<DeviceRecord>, seen: ReadonlySet<SeenZone>): Zone {
  const first = (zone: SeenZone): number => zone.records[0]?.serial ?? 0;
  const sightings = [...seen].sort((a, b) => a.registration.serial - b.registration.serial || first(a) - first(b));
  const ordered = new Set<DeviceRecord>();
  for (const zone of sightings) for (const record of zone.records) ordered.add(record);
  if (ordered.size < all.size) {
    const unseen = [...all].filter((r) => r.seen.length === 0).sort((a, b) => a.serial - b.serial);
    for (const record of unseen) ordered.add(record);
  }
  const records = [...ordered];
  records.forEach((record, party) => {
    record.party = party;
  });
  const zone: Zone = { records, graph: composeGraph(records, sightings), partitions: new Map() };
  for (const record of records) {
    record.zone = zone;
    // Its provider may call it a bridge now, or not any more.
    if (record.claim !== undefined) setGate(record);
  }
  return zone;
}
