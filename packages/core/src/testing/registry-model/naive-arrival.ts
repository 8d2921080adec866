/**
 * @module What the definitions say of a device that arrives, and of those in quarantine when something changes.
 */
import {
  isLive,
  lossesOf,
  type Naive,
  type NaiveClaim,
  type NaiveDevice,
  obstacles,
  placeOf,
  reachable,
} from './naive-registry.ts';

export interface World {
  /** Names that the provider fails at, and that the IOMMU refuses. */
  readonly failing: ReadonlySet<string>;
  readonly refusing: ReadonlySet<string>;
}

/** Whom the providers see when they are asked about it. */
export function show(naive: Naive, world: World, d: NaiveDevice): void {
  hide(d);
  for (const p of naive.providers) {
    if (!p.busses.has(d.bus)) continue;
    if (world.failing.has(d.name)) d.unseenBy.add(p.name);
    else if (p.serves(d.name)) d.seenBy.add(p.name);
  }
}

function hide(d: NaiveDevice): void {
  d.seenBy.clear();
  d.unseenBy.clear();
}

/** @param decided the claim that somebody chose; null: nobody's */
export function arrive(naive: Naive, world: World, d: NaiveDevice, decided?: NaiveClaim | null): void {
  if (d.parent !== undefined && !isLive(d.parent)) {
    d.quarantine = 'below';
    return;
  }
  d.quarantine = undefined;
  show(naive, world, d);
  const reason = decided === undefined ? decide(naive, world, d) : enter(naive, world, d, decided ?? undefined, true);
  if (reason === undefined) return;
  hide(d);
  d.quarantine = reason;
}

function decide(naive: Naive, world: World, d: NaiveDevice): string | undefined {
  const concerned = new Set<NaiveClaim>();
  const takers: NaiveClaim[] = [];
  let opens = false;
  for (const claim of naive.claims) {
    const joined = slotOf(naive, d)?.claim === claim || reachable(naive, claim.devices, claim.policy).has(d);
    const set = joined ? [...claim.devices, d] : claim.devices;
    const now = obstacles(naive, set, (x) => x.claim === claim || (joined && x === d), claim.policy);
    const fresh = [...now].filter((o) => !claim.losses.has(o));
    if (!joined && fresh.length === 0) continue;
    takers.push(claim);
    concerned.add(claim);
    if (fresh.length > 0) opens = true;
    for (const x of naive.devices) {
      if (x.claim !== undefined && x.claim !== claim && fresh.includes(`device ${x.name}`)) concerned.add(x.claim);
    }
  }
  if (concerned.size > 1) return 'joins-claims';
  if (opens) return 'opens-claim';
  return enter(naive, world, d, takers[0], false);
}

function slotOf(naive: Naive, d: NaiveDevice) {
  const place = placeOf(d);
  for (const claim of naive.claims) {
    const domain = claim.places.get(place);
    if (domain !== undefined) return { claim, domain };
  }
  return undefined;
}

function enter(
  naive: Naive,
  world: World,
  d: NaiveDevice,
  claim: NaiveClaim | undefined,
  anyDomain: boolean,
): string | undefined {
  const slot = slotOf(naive, d);
  const domains = new Set<number>();
  const kept = slot?.claim === claim ? slot?.domain() : undefined;
  if (kept !== undefined) domains.add(kept);
  for (const domain of new Set(naive.devices.filter((x) => x !== d && x.claim === claim).map((x) => x.domain))) {
    if (domain === undefined) continue;
    const mates = reachable(naive, [d], naive.policy, (x) => x === d || (x.claim === claim && x.domain === domain));
    if (mates.size > 1) domains.add(domain);
  }
  if (domains.size > 1 && !anyDomain) return 'joins-domains';
  const [domain] = domains;
  if (domain !== undefined && world.refusing.has(d.name)) return 'attach-failed';
  d.domain = domain;
  for (const other of naive.claims) other.places.delete(placeOf(d));
  if (claim === undefined) return undefined;
  d.claim = claim;
  claim.devices.add(d);
  return undefined;
}

/** Each device in quarantine once more, in the order in which they came in. */
export function reconsider(naive: Naive, world: World, order: readonly NaiveDevice[]): void {
  for (const d of order) {
    review(naive);
    arrive(naive, world, d);
  }
  review(naive);
}

export function review(naive: Naive): void {
  for (const claim of naive.claims) claim.losses = lossesOf(naive, claim);
}
