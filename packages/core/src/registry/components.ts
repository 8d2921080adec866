/**
 * @module Components of a zone: under the policy of a claim as they are, under the registry's within one owner and domain.
 */
import type { Domain } from '../domain/domain.ts';
import { membersOf, type Partition, partition } from '../partition.ts';
import type { Policy } from '../policy.ts';
import { cutAtBorders } from './borders.ts';
import type { ClaimRecord, DeviceRecord, Zone } from './records.ts';
import type { RegistryState } from './state.ts';

/** The partition of the whole zone, made once for a policy and a day. */
export function partitionOf(zone: Zone, policy: Policy, today: string | undefined): Partition {
  const known = zone.partitions.get(policy);
  if (known !== undefined && known.today === today) return known.partition;
  const made = partition(zone.graph, policy, today);
  zone.partitions.set(policy, { today, partition: made });
  return made;
}

/** On which side of the borders of claims and domains a device stands. */
export interface Side {
  readonly claim: ClaimRecord | undefined;
  readonly domain: Domain | undefined;
}

/** The groups that a zone has: components under the registry's policy, cut at the borders of claims and domains. */
export function groupsWithin(
  state: RegistryState,
  zone: Zone,
  sideOf: (record: DeviceRecord) => Side = (record) => record,
): Partition {
  const sides = numberSides(zone, sideOf);
  if (sides === undefined) return partitionOf(zone, state.policy, state.today);
  return partition(cutAtBorders(zone.graph, sides), state.policy, state.today);
}

/** Undefined where all stand on one side. */
function numberSides(zone: Zone, sideOf: (record: DeviceRecord) => Side): Int32Array | undefined {
  const first = zone.records[0];
  const one = first === undefined ? undefined : sideOf(first);
  if (zone.records.every((r) => sameSide(sideOf(r), one))) return undefined;
  const numbers = new Map<ClaimRecord | undefined, Map<Domain | undefined, number>>();
  let count = 0;
  const sides = Int32Array.from(zone.records, (record) => {
    const { claim, domain } = sideOf(record);
    let domains = numbers.get(claim);
    if (domains === undefined) {
      domains = new Map();
      numbers.set(claim, domains);
    }
    let side = domains.get(domain);
    if (side === undefined) {
      side = count++;
      domains.set(domain, side);
    }
    return side;
  });
  return sides;
}

function sameSide(a: Side, b: Side | undefined): boolean {
  return a.claim === b?.claim && a.domain === b?.domain;
}

/** The devices of a component. */
export function recordsIn(zone: Zone, p: Partition, group: number): readonly DeviceRecord[] {
  const records: DeviceRecord[] = [];
  membersOf(p, group).forEach((party) => {
    records.push(zone.records[party] as DeviceRecord);
  });
  return records;
}

/** The zones of these devices, each once. */
export function zonesOf(records: Iterable<DeviceRecord>): ReadonlySet<Zone> {
  const zones = new Set<Zone>();
  for (const { zone } of records) if (zone !== undefined) zones.add(zone);
  return zones;
}

/** Marks the components that these devices are in: 1 by number of the component. */
export function componentsOf(p: Partition, zone: Zone, records: Iterable<DeviceRecord>): Uint8Array {
  const marked = new Uint8Array(p.groupCount);
  for (const record of records) if (record.zone === zone) marked[p.groupOf[record.party] as number] = 1;
  return marked;
}
