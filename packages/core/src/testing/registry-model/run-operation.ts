/**
 * @module One operation, on both registries.
 */
import type { Device } from '../../device.ts';
import type { Domain } from '../../domain/domain.ts';
import { IsolationError } from '../../errors.ts';
import { KIND_FACTS } from '../../kinds.ts';
import type { Group } from '../../registry/group.ts';
import { arrive, reconsider, review, show } from './naive-arrival.ts';
import { groupOf, isLive, type NaiveClaim, type NaiveDevice, obstacles, placeOf, reachable } from './naive-registry.ts';
import type { Operation } from './operation.ts';
import { dayOf, FACT_KINDS, NAMES, type Pair, POLICY_CHOICES, type Provider, stuckIn } from './pair.ts';

/** The errno that the real registry answered with; undefined: it did what it was asked. */
function errnoOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof IsolationError) return error.errno;
    throw error;
  }
}

function expectErrno(what: string, got: string | undefined, expected: string | undefined): void {
  if (got !== expected) throw new Error(`${what}: ${got ?? 'no error'} instead of ${expected ?? 'no error'}`);
}

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];

export function runOperation(pair: Pair, operation: Operation): void {
  pair.events = [];
  RUN[operation.kind](pair, operation);
}

type Run = (pair: Pair, operation: Operation) => void;

const real = (pair: Pair, d: NaiveDevice): Device => pair.devices.get(d) as Device;

function again(pair: Pair): void {
  reconsider(pair.naive, pair, pair.quarantined);
  pair.quarantined = pair.quarantined.filter((d) => !isLive(d));
}

const plug: Run = (pair, { a, b }) => {
  const [name = '', bus = 'pci'] = (NAMES[a] as string).split('@');
  const { devices } = pair.naive;
  if (devices.some((d) => d.name === name)) return;
  const parent = bus === 'foo' ? pick(devices, b) : undefined;
  const d: NaiveDevice = {
    name,
    bus,
    parent,
    seenBy: new Set(),
    unseenBy: new Set(),
    hand: undefined,
    claim: undefined,
    domain: undefined,
    quarantine: undefined,
  };
  pair.devices.set(d, pair.machine.plug(NAMES[a] as string, parent === undefined ? undefined : real(pair, parent)));
  devices.push(d);
  arrive(pair.naive, pair, d);
  if (!isLive(d)) pair.quarantined.push(d);
  review(pair.naive);
};

const descendants = (all: readonly NaiveDevice[], d: NaiveDevice): readonly NaiveDevice[] =>
  all.filter((x) => x.parent === d).flatMap((x) => [x, ...descendants(all, x)]);

const unplug: Run = (pair, { a }) => {
  const { devices } = pair.naive;
  const d = pick(devices, a);
  if (d === undefined) return;
  const going = [d, ...descendants(devices, d)];
  const groups = new Map(going.map((x) => [x, pair.registry.groupOf(real(pair, x))]));
  for (const device of pair.machine.present)
    if (going.some((x) => real(pair, x) === device)) pair.machine.present.delete(device);
  pair.machine.unplug(real(pair, d));
  takeOut(pair, d, groups);
};

/** Takes a device out of the naive registry, and before it what sits on it. */
function takeOut(pair: Pair, d: NaiveDevice, groups: ReadonlyMap<NaiveDevice, Group | undefined>): void {
  const { devices } = pair.naive;
  for (const child of devices.filter((x) => x.parent === d)) takeOut(pair, child, groups);
  d.claim?.places.set(placeOf(d), slotDomain(pair, groups.get(d)));
  d.claim?.devices.delete(d);
  devices.splice(devices.indexOf(d), 1);
  pair.quarantined = pair.quarantined.filter((x) => x !== d);
  again(pair);
}

/** The domain of the group whose slot it left, as it is when somebody asks. */
function slotDomain(pair: Pair, group: Group | undefined): () => number | undefined {
  return () => {
    let at = group;
    while (at !== undefined && !at.present) at = pair.successors.get(at);
    return numberOf(pair, at?.domain);
  };
}

export function numberOf(pair: Pair, domain: Domain | undefined): number | undefined {
  return domain === undefined ? undefined : pair.domains.indexOf(domain);
}

/** One fact about a device is there from now on, or not any more. */
const change: Run = (pair, { a, b, c }) => {
  const d = pick(pair.naive.devices, a);
  const other = (NAMES[b] as string).split('@')[0] as string;
  const kind = FACT_KINDS[c % FACT_KINDS.length];
  if (d === undefined || kind === undefined || other === d.name) return;
  const fact = [d.name, KIND_FACTS[kind].joins === 'host' ? 'host' : other, kind] as const;
  const { facts } = pick(pair.providers, c) as Provider;
  const at = facts.findIndex((f) => f.every((word, k) => word === fact[k]));
  if (at < 0) facts.push(fact);
  else facts.splice(at, 1);
  pair.machine.change(real(pair, d));
  if (isLive(d)) show(pair.naive, pair, d);
  again(pair);
};

const failProvider: Run = (pair, { a }) => {
  const name = (NAMES[a] as string).split('@')[0] as string;
  if (!pair.failing.delete(name)) pair.failing.add(name);
};

const register: Run = (pair, { a }) => {
  const { real: provider, naive: mine } = pick(pair.providers, a) as Provider;
  const { providers, devices } = pair.naive;
  const got = errnoOf(() => pair.registry.registerProvider([...mine.busses], provider));
  expectErrno('register', got, providers.includes(mine) ? 'EEXIST' : undefined);
  if (got !== undefined) return;
  providers.push(mine);
  for (const d of devices) if (isLive(d) && mine.busses.has(d.bus)) seeBy(pair, mine, d);
  again(pair);
};

/** Only the new provider is asked. */
function seeBy(pair: Pair, { name, serves }: Provider['naive'], d: NaiveDevice): void {
  if (pair.failing.has(d.name)) d.unseenBy.add(name);
  else if (serves(d.name)) d.seenBy.add(name);
}

const unregister: Run = (pair, { a }) => {
  const { real: provider, naive: mine } = pick(pair.providers, a) as Provider;
  const { providers, devices } = pair.naive;
  const got = errnoOf(() => pair.registry.unregisterProvider([...mine.busses], provider));
  expectErrno('unregister', got, providers.includes(mine) ? undefined : 'ENODEV');
  if (got !== undefined) return;
  providers.splice(providers.indexOf(mine), 1);
  for (const d of devices) {
    d.seenBy.delete(mine.name);
    d.unseenBy.delete(mine.name);
  }
  again(pair);
};

const claim: Run = (pair, { a, b, c }) => {
  const { naive, registry } = pair;
  const first = pick(naive.devices, a);
  const second = pick(naive.devices, b);
  const policy = POLICY_CHOICES[c % POLICY_CHOICES.length] ?? naive.policy;
  const manager = pair.managers[c % pair.managers.length];
  if (first === undefined || second === undefined || manager === undefined) return;
  const group = registry.groupOf(real(pair, first));
  const wanted = c % 2 === 0 && group !== undefined ? [group] : [real(pair, first), real(pair, second)];
  const named = c % 2 === 0 && group !== undefined ? [...groupOf(naive, first)] : [first, second];

  const expected = refusalOf(pair, named, policy);
  let granted: ReturnType<typeof registry.claim> | undefined;
  const got = errnoOf(() => {
    granted = registry.claim(manager, wanted, policy);
  });
  expectErrno('claim', got, expected);
  if (granted === undefined) return;
  const members = new Set(reachable(naive, named, policy));
  const mine: NaiveClaim = { number: pair.serial++, policy, devices: members, places: new Map(), losses: new Set() };
  for (const d of members) d.claim = mine;
  naive.claims.push(mine);
  pair.claims.set(mine, granted);
  review(naive);
};

function refusalOf(pair: Pair, named: readonly NaiveDevice[], policy: NaiveClaim['policy']): string | undefined {
  const { naive } = pair;
  if (named.some((d) => !isLive(d))) return 'EPERM';
  const members = reachable(naive, named, policy);
  if ([...members].some((d) => d.claim !== undefined)) return 'EBUSY';
  if (obstacles(naive, named, (d) => members.has(d), policy).size > 0) return 'EPERM';
  const shared = naive.devices.some(
    (d) => d.domain !== undefined && !members.has(d) && [...members].some((m) => m.domain === d.domain),
  );
  const held = [...members].some((m) => stuckIn(pair, real(pair, m)) !== undefined && pair.holding.has(m.name));
  return shared || held ? 'EBUSY' : undefined;
}

const release: Run = (pair, { a }) => {
  const mine = pick(pair.naive.claims, a);
  if (mine === undefined) return;
  const theirs = pair.claims.get(mine);
  theirs?.release();
  expectErrno(
    'release again',
    errnoOf(() => theirs?.release()),
    'EINVAL',
  );
  for (const d of mine.devices) {
    d.claim = undefined;
    d.domain = undefined;
  }
  pair.naive.claims.splice(pair.naive.claims.indexOf(mine), 1);
  pair.claims.delete(mine);
  again(pair);
};

const createDomain: Run = (pair, { a }) => {
  const d = pick(pair.naive.devices, a);
  const group = d === undefined ? undefined : pair.registry.groupOf(real(pair, d));
  if (d === undefined || group === undefined) return;
  const members = groupOf(pair.naive, d);
  const refused = [...members].some((m) => pair.refusing.has(m.name));
  const got = errnoOf(() => pair.domains.push(group.createDomain()));
  expectErrno('createDomain', got, d.domain !== undefined ? 'EBUSY' : refused ? 'EIO' : undefined);
  if (got === undefined) for (const m of members) m.domain = pair.domains.length - 1;
};

const releaseDomain: Run = (pair, { a }) => {
  const d = pick(pair.naive.devices, a);
  const group = d === undefined ? undefined : pair.registry.groupOf(real(pair, d));
  if (d === undefined || group === undefined) return;
  const members = groupOf(pair.naive, d);
  const stuck = d.domain === undefined ? [] : (pair.domains[d.domain]?.stuck ?? []);
  const held = [...members, ...stuck.map((s) => s.device)].some(({ name }) => pair.holding.has(name));
  const got = errnoOf(() => group.releaseDomain());
  expectErrno('releaseDomain', got, d.domain === undefined ? 'EINVAL' : held ? 'EIO' : undefined);
  if (got === 'EINVAL') return;
  for (const m of members) m.domain = undefined;
  again(pair);
};

const managerOf = (pair: Pair, { claim: mine }: NaiveDevice) =>
  mine === undefined ? undefined : pair.claims.get(mine)?.manager;

const attachGroup: Run = (pair, { a, b }) => {
  const from = pick(pair.naive.devices, a);
  const to = pick(pair.naive.devices, b);
  const group = to === undefined ? undefined : pair.registry.groupOf(real(pair, to));
  if (from?.domain === undefined || to === undefined || group === undefined) return;
  const members = groupOf(pair.naive, to);
  const refused = [...members].some((m) => pair.refusing.has(m.name));
  const got = errnoOf(() => pair.domains[from.domain as number]?.attachGroup(group));
  const expected =
    to.domain !== undefined
      ? 'EINVAL'
      : managerOf(pair, to) !== managerOf(pair, from)
        ? 'EBUSY'
        : refused
          ? 'EIO'
          : undefined;
  expectErrno('attachGroup', got, expected);
  if (got === undefined) for (const m of members) m.domain = from.domain;
};

const map: Run = (pair, { a, b, c }) => {
  const d = pick(pair.naive.devices, a);
  const domain = d?.domain === undefined ? undefined : pair.domains[d.domain];
  if (domain === undefined) return;
  const pages = pair.mapped.get(domain) ?? new Map<number, number>();
  pair.mapped.set(domain, pages);
  const iova = b * 4096;
  const there = pages.has(iova);
  if (there && c % 2 === 0) {
    domain.unmap(iova, 4096);
    pages.delete(iova);
    return;
  }
  expectErrno(
    'map',
    errnoOf(() => domain.map(iova, c * 4096, 4096, 'rw')),
    there ? 'EEXIST' : undefined,
  );
  if (!there) pages.set(iova, c * 4096);
};

const refuseAttach: Run = (pair, { a }) => {
  const name = (NAMES[a] as string).split('@')[0] as string;
  if (pair.refusing.delete(name)) pair.iommu.instead.delete(`attach ${name}`);
  else {
    pair.refusing.add(name);
    pair.iommu.instead.set(`attach ${name}`, () => {
      throw new Error(`${name} is refused`);
    });
  }
};

const refuseDetach: Run = (pair, { a }) => {
  const name = (NAMES[a] as string).split('@')[0] as string;
  if (pair.holding.delete(name)) pair.iommu.instead.delete(`detach ${name}`);
  else {
    pair.holding.add(name);
    pair.iommu.instead.set(`detach ${name}`, () => {
      throw new Error(`${name} is held`);
    });
  }
};

const setPolicy: Run = (pair, { a }) => {
  const policy = POLICY_CHOICES[a % POLICY_CHOICES.length] ?? pair.naive.policy;
  pair.registry.setPolicy(policy);
  pair.naive.policy = policy;
  again(pair);
};

const nextDay: Run = (pair) => {
  pair.clock.day = (pair.clock.day + 1) % 14;
  pair.registry.refresh();
  pair.naive.today = dayOf(pair.clock.day);
  review(pair.naive);
  again(pair);
};

export const HAND: readonly string[] = ['mine/one', 'mine/two'];

/** Where nobody has claims or domains: what happens then is for tests of its own. */
const isPlain = (d: NaiveDevice): boolean => d.claim === undefined && d.domain === undefined && isLive(d);

const addByHand: Run = (pair, { a, b }) => {
  const name = pick(HAND, b) as string;
  const group = pair.handmade.get(name) ?? pair.registry.createGroup({ name, provider: 'test' });
  pair.handmade.set(name, group);
  expectErrno(
    'createGroup',
    errnoOf(() => pair.registry.createGroup({ name, provider: 'test' })),
    'EEXIST',
  );
  const d = pick(pair.naive.devices, a);
  if (d === undefined || !isPlain(d) || group.claim !== undefined || group.domain !== undefined) return;
  const got = errnoOf(() => group.addDevice(real(pair, d)));
  expectErrno('addDevice', got, d.hand === undefined ? undefined : 'EBUSY');
  if (got === undefined) d.hand = name;
  review(pair.naive);
};

const removeByHand: Run = (pair, { a, b }) => {
  const name = pick(HAND, b) as string;
  const group = pair.handmade.get(name);
  const d = pick(pair.naive.devices, a);
  if (group === undefined || d === undefined || d.domain !== undefined) return;
  const got = errnoOf(() => group.removeDevice(real(pair, d)));
  expectErrno('removeDevice', got, d.hand === name ? undefined : 'ENODEV');
  if (got === undefined) {
    d.hand = undefined;
    again(pair);
  }
  const empty = group.devices.length === 0 && !pair.naive.devices.some((x) => x.hand === name);
  const freed = errnoOf(() => pair.registry.freeGroup(group));
  expectErrno('freeGroup', freed, empty && group.claim === undefined ? undefined : 'EBUSY');
  if (freed === undefined) pair.handmade.delete(name);
};

const admit: Run = (pair, { a, b }) => {
  const d = pick(pair.naive.devices, a);
  if (d === undefined) return;
  const mine = b % 2 === 0 ? undefined : pick(pair.naive.claims, b);
  const before = d.quarantine;
  const device = real(pair, d);
  const got = errnoOf(() => pair.registry.admit(device, mine === undefined ? undefined : pair.claims.get(mine)));
  if (before === undefined) {
    expectErrno('admit', got, 'EINVAL');
    return;
  }
  arrive(pair.naive, pair, d, mine ?? null);
  expectErrno('admit', got, d.quarantine === undefined ? undefined : d.quarantine === 'below' ? 'EINVAL' : 'EIO');
  review(pair.naive);
  if (d.quarantine !== undefined) return;
  // It may choose among several domains.
  if (d.domain !== undefined) d.domain = numberOf(pair, pair.registry.domainOf(device));
  pair.quarantined = pair.quarantined.filter((x) => x !== d);
  again(pair);
};

const allowDriver: Run = (pair, { a, b, c }) => {
  const manager = pick(pair.managers, a);
  const driver = pick(pair.drivers, b);
  if (manager === undefined || driver === undefined) return;
  if (c % 2 === 0) {
    manager.allowDriver(driver);
    pair.allowed.get(manager)?.add(driver);
  } else {
    manager.disallowDriver(driver);
    pair.allowed.get(manager)?.delete(driver);
  }
};

const bind: Run = (pair, { a, b, c }) => {
  const d = pick(pair.naive.devices, a);
  const driver = pick(pair.drivers, b);
  if (d === undefined || driver === undefined) return;
  const device = [...pair.machine.present].find((x) => x === real(pair, d));
  if (device === undefined) return;
  const manager = d.claim === undefined ? undefined : pair.claims.get(d.claim)?.manager;
  // A device that a provider sees as a bridge keeps its drivers.
  const bridge = d.name === 'bridge' && d.seenBy.size > 0;
  const stuck = stuckIn(pair, device) !== undefined;
  const allowed = manager === undefined || (pair.allowed.get(manager)?.has(driver) ?? false);
  const may = isLive(d) && (bridge || (!stuck && allowed));
  if (pair.registry.mayBind(device, driver) !== may)
    throw new Error(`mayBind(${d.name}, ${driver.name}) is not ${may}`);
  if (c % 3 === 0) pair.machine.unbind(device);
  else pair.machine.bind(device, driver);
  const bypassed = pair.events.some((event) => event.kind === 'gate-bypassed');
  if (bypassed !== (c % 3 !== 0 && !may)) throw new Error(`gate-bypassed: ${bypassed}`);
};

const RUN: Readonly<Record<Operation['kind'], Run>> = {
  plug,
  unplug,
  change,
  'fail-provider': failProvider,
  register,
  unregister,
  claim,
  release,
  'create-domain': createDomain,
  'release-domain': releaseDomain,
  'attach-group': attachGroup,
  map,
  'refuse-attach': refuseAttach,
  'refuse-detach': refuseDetach,
  policy: setPolicy,
  'next-day': nextDay,
  'add-by-hand': addByHand,
  'remove-by-hand': removeByHand,
  admit,
  'allow-driver': allowDriver,
  bind,
};
