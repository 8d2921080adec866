/**
 * @module Whether both registries say the same, and nothing leaks.
 */
import type { Device } from '../../device.ts';
import type { Claim } from '../../registry/claim.ts';
import type { Group } from '../../registry/group.ts';
import type { Obstacle } from '../../registry/obstacle.ts';
import { groupOf, isLive, type NaiveDevice } from './naive-registry.ts';
import { type Pair, stuckIn } from './pair.ts';
import { HAND, numberOf } from './run-operation.ts';

/** What is remembered from one comparison to the next. */
export interface Before {
  groups: ReadonlyMap<Group, ReadonlySet<Device>>;
  names: ReadonlyMap<Group, string>;
  losses: ReadonlyMap<Claim, ReadonlySet<string>>;
}

export const NOTHING_BEFORE: Before = { groups: new Map(), names: new Map(), losses: new Map() };

export function compare(pair: Pair, before: Before): Before {
  compareDevices(pair);
  const groups = compareGroups(pair, before);
  const names = compareNames(pair, before);
  const losses = compareClaims(pair, before);
  compareTree(pair);
  return { groups, names, losses };
}

function same(what: string, real: unknown, naive: unknown): void {
  const [a, b] = [JSON.stringify(real), JSON.stringify(naive)];
  if (a !== b) throw new Error(`${what}: the registry says ${a}, the naive one ${b}`);
}

function compareDevices(pair: Pair): void {
  const { registry, naive, attached } = pair;
  same('present', pair.machine.present.size, naive.devices.length);
  same(
    'quarantined',
    [...registry.quarantined.keys()].map((d) => d.name),
    pair.quarantined.map((d) => d.name),
  );
  for (const d of naive.devices) {
    const device = pair.devices.get(d) as Device;
    const claim = d.claim === undefined ? undefined : pair.claims.get(d.claim);
    same(`quarantine of ${d.name}`, registry.quarantined.get(device)?.kind, d.quarantine);
    const stuck = stuckIn(pair, device) !== undefined;
    // Whether it is a bridge was asked when it got stuck.
    if (!stuck || d.name !== 'bridge') {
      same(`bus master of ${d.name}`, (device as { busMaster?: boolean }).busMaster, isLive(d) && !stuck);
    }
    same(`domain of ${d.name}`, numberOf(pair, registry.domainOf(device)), d.domain);
    if (d.domain !== undefined || !isHeld(pair, device)) {
      same(`IOMMU of ${d.name}`, numberOf(pair, attached.get(device)), d.domain);
    }
    if (registry.groupOf(device)?.claim !== claim) throw new Error(`${d.name} is in the group of another claim`);
    const mates = isLive(d) ? [...groupOf(naive, d)].map((x) => x.name).sort() : undefined;
    same(
      `group of ${d.name}`,
      registry
        .groupOf(device)
        ?.devices.map((x) => x.name)
        .sort(),
      mates,
    );
  }
  for (const device of attached.keys()) {
    if (!pair.machine.present.has(device as never) && !isHeld(pair, device))
      throw new Error(`${device.name} is gone and still attached`);
  }
  for (const domain of pair.domains) {
    const devices = naive.devices.filter((d) => d.domain === numberOf(pair, domain)).map((d) => d.name);
    same('devices of a domain', domain.devices.map((d) => d.name).sort(), devices.sort());
    for (const [iova, address] of domain.groups.length === 0 ? [] : (pair.mapped.get(domain) ?? [])) {
      same('mapping', domain.resolve(iova)?.address, address);
    }
    if (domain.groups.length === 0) same('mappings that are left', domain.resolve(0), undefined);
  }
}

/** Its IOMMU did not let go of it, and the domain knows. */
function isHeld({ attached }: Pair, device: Device): boolean {
  return attached.get(device)?.stuck.some((s) => s.device === device) ?? false;
}

/** Groups that nobody needs are gone, and what only lost or won devices is the same group as before. */
function compareGroups(pair: Pair, before: Before): Before['groups'] {
  const groups = new Map<Group, ReadonlySet<Device>>();
  for (const group of pair.registry.groups) {
    if (!group.present) throw new Error(`${group.name} is listed, and gone`);
    const devices = new Set(group.devices);
    for (const device of devices)
      if (pair.registry.groupOf(device) !== group) throw new Error(`${device.name} is lost`);
    const kept = group.claim !== undefined || [...pair.handmade.values()].includes(group);
    if (devices.size === 0 && !kept) throw new Error(`${group.name} is empty`);
    groups.set(group, devices);
  }
  for (const [group, had] of before.groups) {
    const now = new Set([...had].map((device) => pair.registry.groupOf(device)).filter((g) => g !== undefined));
    const [only] = now;
    const alone = only?.devices.every((device) => had.has(device));
    // What was put together by hand follows those devices.
    const byHand = HAND.includes(group.name) || pair.naive.devices.some((d) => d.hand !== undefined);
    if (now.size === 1 && alone && only !== group && !byHand) throw new Error(`${group.name} lost its identity`);
  }
  return groups;
}

/** `unit/lowest`, with a number where that is taken; as long as a group is claimed its name does not change. */
function compareNames(pair: Pair, before: Before): Before['names'] {
  const names = new Map<Group, string>();
  for (const group of pair.registry.groups) {
    names.set(group, group.name);
    const [lowest] = group.devices;
    if (group.claim !== undefined) {
      const name = before.names.get(group);
      const claimed = pair.events.some((e) => e.kind === 'claimed' || e.kind === 'released');
      if (name !== undefined && name !== group.name && !claimed) throw new Error(`${name} became ${group.name}`);
    } else if (lowest !== undefined && ![...pair.handmade.values()].includes(group)) {
      const base = group.name.replace(/\.\d+$/, '');
      if (!base.endsWith(`/${lowest.name}`)) throw new Error(`${group.name} begins with ${lowest.name}`);
    }
  }
  if (new Set(names.values()).size !== names.size) throw new Error('two groups have one name');
  return names;
}

function compareClaims(pair: Pair, before: Before): Before['losses'] {
  const losses = new Map<Claim, ReadonlySet<string>>();
  same('claims', pair.registry.claims.length, pair.naive.claims.length);
  for (const [mine, claim] of pair.claims) {
    const names = [...mine.devices].map((d) => d.name).sort();
    same('devices of a claim', claim.devices.map((d) => d.name).sort(), names);
    const now = new Set(claim.losses.map(lossName));
    same('losses', [...now].sort(), [...mine.losses].sort());
    losses.set(claim, now);
    const fresh = [...now].filter((loss) => !before.losses.get(claim)?.has(loss));
    const told = pair.events.some((e) => e.kind === 'isolation-lost' && e.claim === claim);
    if (fresh.length > 0 && !told) throw new Error(`nobody heard of ${fresh.join(', ')}`);
    const blockers = [...mine.devices].filter((d) => blocks(pair, d, claim)).map((d) => d.name);
    same('blockers', claim.blockers.map((b) => b.device.name).sort(), blockers.sort());
    same('locked', claim.locked, blockers.length === 0);
  }
  return losses;
}

function blocks(pair: Pair, d: NaiveDevice, claim: Claim): boolean {
  const driver = pair.devices.get(d)?.driver;
  const bridge = d.name === 'bridge' && d.seenBy.size > 0;
  return driver !== undefined && !bridge && !pair.allowed.get(claim.manager)?.has(driver);
}

function lossName(loss: Obstacle): string {
  if (loss.kind === 'host') return `host ${loss.chain.at(-1)?.edge.kind}`;
  return `${loss.kind} ${loss.kind === 'device' ? loss.other.name : loss.device.name}`;
}

/** Each device that takes part has two links, and every link leads to a directory that is there. */
function compareTree(pair: Pair): void {
  const { directories, links } = pair.registry.tree();
  same('links', links.length, 2 * pair.naive.devices.filter(isLive).length);
  const there = new Set(directories);
  const paths = new Set(links.map((link) => link.path));
  same('names of links', paths.size, links.length);
  for (const { path, target } of links) {
    const words = path.split('/').slice(0, -1);
    for (const word of target.split('/')) word === '..' ? words.pop() : words.push(word);
    if (!there.has(words.join('/'))) throw new Error(`${path} leads to nothing: ${target}`);
  }
}
