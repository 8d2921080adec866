/**
 * @module What becomes of a device that arrives: nobody's, part of a claim and of a domain, or quarantine. What is there
 * keeps its owner and its domain; only the device that arrives is taken in or kept out.
 */
import type { Domain } from '../domain/domain.ts';
import { componentsOf, groupsWithin, partitionOf } from './components.ts';
import { findObstacles } from './find-obstacles.ts';
import { claimsIn, wasLost } from './losses.ts';
import type { Obstacle } from './obstacle.ts';
import type { Quarantine } from './quarantine.ts';
import { type ClaimRecord, type DeviceRecord, type GroupRecord, isLive, placeOf, type Zone } from './records.ts';
import type { RegistryState } from './state.ts';

export type Arrival =
  | { readonly kind: 'quarantine'; readonly reason: Quarantine }
  | {
      readonly kind: 'enter';
      readonly claim: ClaimRecord | undefined;
      /** The group that it comes back to, or whose domain it enters. */
      readonly group: GroupRecord | undefined;
      readonly domain: Domain | undefined;
    };

/** @param record stands in its zone already, and belongs to nobody yet */
export function decideArrival(state: RegistryState, record: DeviceRecord): Arrival {
  if (record.parent !== undefined && !isLive(record.parent)) {
    return { kind: 'quarantine', reason: { kind: 'below', parent: record.parent.device } };
  }
  const zone = record.zone as Zone;
  const claims = claimsIn([zone]);
  const slot = slotOf(state, record);
  const interests = [...claims, ...(slot?.claim === undefined || claims.has(slot.claim) ? [] : [slot.claim])].flatMap(
    (claim) => interestOf(state, claim, record, slot?.claim === claim),
  );
  const reason = objection(interests);
  if (reason !== undefined) return { kind: 'quarantine', reason };
  return enter(state, record, interests[0]?.claim, slot);
}

/** As `decideArrival`, after somebody decided to whom it belongs. */
export function decideAs(state: RegistryState, record: DeviceRecord, claim: ClaimRecord | undefined): Arrival {
  const slot = slotOf(state, record);
  const domains = domainsAround(state, record, claim, slot?.claim === claim ? slot : undefined);
  const [first] = domains;
  return { kind: 'enter', claim, group: first?.[1] ?? (slot?.claim === claim ? slot : undefined), domain: first?.[0] };
}

/** The claimed group in whose empty slot the device was put. */
function slotOf(state: RegistryState, record: DeviceRecord): GroupRecord | undefined {
  if (state.claims.size === 0) return undefined;
  const place = placeOf(record);
  for (const claim of state.claims) {
    const group = claim.places.get(place);
    if (group !== undefined) return group;
  }
  return undefined;
}

/** A claim whose component changes with the device in it. */
interface Interest {
  readonly claim: ClaimRecord;
  /** What would lead out of the claim then, other than what did before. */
  readonly obstacles: readonly Obstacle[];
  /** Other claims that would be joined to it. */
  readonly joins: readonly ClaimRecord[];
}

function interestOf(
  state: RegistryState,
  claim: ClaimRecord,
  record: DeviceRecord,
  returns: boolean,
): readonly Interest[] {
  const zone = record.zone as Zone;
  const p = partitionOf(zone, claim.policy, state.today);
  const inside = componentsOf(p, zone, claim.records);
  const joined = returns || inside[p.groupOf[record.party] as number] === 1;
  const known = wasLost(claim);
  const set = joined ? [...claim.records, record] : claim.records;
  const obstacles = findObstacles(
    [...set].filter((r) => r.zone === zone),
    (r) => r.claim === claim || (joined && r === record),
    claim.policy,
    state.today,
  ).filter((obstacle) => !known(obstacle));
  if (!joined && obstacles.length === 0) return [];
  const joins = zone.records.filter(
    (r) =>
      r.claim !== undefined && r.claim !== claim && obstacles.some((o) => o.kind === 'device' && o.other === r.device),
  );
  return [{ claim, obstacles, joins: joins.map((r) => r.claim as ClaimRecord) }];
}

function objection(interests: readonly Interest[]): Quarantine | undefined {
  const joined = new Set(interests.flatMap(({ claim, joins }) => [claim, ...joins]));
  const [first, ...others] = interests;
  if (first === undefined) return undefined;
  if (joined.size > 1) return { kind: 'joins-claims', claims: [...joined].map((claim) => claim.handle) };
  const opened = [first, ...others].find(({ obstacles }) => obstacles.length > 0);
  if (opened === undefined) return undefined;
  return { kind: 'opens-claim', claim: opened.claim.handle, obstacles: opened.obstacles };
}

function enter(
  state: RegistryState,
  record: DeviceRecord,
  claim: ClaimRecord | undefined,
  slot: GroupRecord | undefined,
): Arrival {
  const domains = domainsAround(state, record, claim, slot);
  if (domains.size > 1) return { kind: 'quarantine', reason: { kind: 'joins-domains', domains: [...domains.keys()] } };
  const [only] = domains;
  return { kind: 'enter', claim, group: only?.[1] ?? slot, domain: only?.[0] };
}

/** The domains of the groups of its owner that it would be in, each with such a group. */
function domainsAround(
  state: RegistryState,
  record: DeviceRecord,
  claim: ClaimRecord | undefined,
  slot: GroupRecord | undefined,
): ReadonlyMap<Domain, GroupRecord> {
  const zone = record.zone as Zone;
  const around = new Map<Domain, GroupRecord>();
  if (slot?.domain !== undefined) around.set(slot.domain, slot);
  const candidates = new Set<Domain>();
  for (const r of zone.records)
    if (r !== record && r.claim === claim && r.domain !== undefined) candidates.add(r.domain);
  for (const domain of candidates) {
    const p = groupsWithin(state, zone, (r) => (r === record ? { claim, domain } : r));
    const mine = p.groupOf[record.party];
    const neighbour = zone.records.find((r) => r !== record && r.domain === domain && p.groupOf[r.party] === mine);
    if (neighbour?.group !== undefined) around.set(domain, neighbour.group);
  }
  return around;
}
