/**
 * @module What leads out of a set of devices under a policy: to the host, to others, or into what is not known.
 */
import { type ChainEnd, type ChainStep, shortestChain } from '../chain.ts';
import type { Device } from '../device.ts';
import { spansHold } from '../interference.ts';
import { membersOf } from '../partition.ts';
import { accepts, type Policy } from '../policy.ts';
import { componentsOf, partitionOf, zonesOf } from './components.ts';
import type { Link, Obstacle } from './obstacle.ts';
import type { DeviceRecord, Zone } from './records.ts';

/**
 * Looks at the components, under `policy`, of the devices of a set.
 * @param belongs whether a device of these components is part of the set, or may become one
 */
export function findObstacles(
  records: Iterable<DeviceRecord>,
  belongs: (record: DeviceRecord) => boolean,
  policy: Policy,
  today: string | undefined,
): readonly Obstacle[] {
  const set = [...records];
  return [...zonesOf(set)].flatMap((zone) => obstaclesIn(zone, set, belongs, policy, today));
}

/** All devices of the components, under `policy`, of these devices. */
export function closureUnder(
  records: Iterable<DeviceRecord>,
  policy: Policy,
  today: string | undefined,
): ReadonlySet<DeviceRecord> {
  const set = [...records];
  const closure = new Set<DeviceRecord>();
  for (const zone of zonesOf(set)) {
    const p = partitionOf(zone, policy, today);
    const inside = componentsOf(p, zone, set);
    for (const record of zone.records) if (inside[p.groupOf[record.party] as number] === 1) closure.add(record);
  }
  return closure;
}

function obstaclesIn(
  zone: Zone,
  set: readonly DeviceRecord[],
  belongs: (record: DeviceRecord) => boolean,
  policy: Policy,
  today: string | undefined,
): readonly Obstacle[] {
  const p = partitionOf(zone, policy, today);
  const inside = componentsOf(p, zone, set);
  /** The first device of the set in each component: chains start there. */
  const start = new Map<number, DeviceRecord>();
  for (const record of set) {
    const group = p.groupOf[record.party] as number;
    const first = start.get(group);
    if (record.zone === zone && (first === undefined || record.party < first.party)) start.set(group, record);
  }
  const obstacles: Obstacle[] = [];
  const chain = chainsIn(zone, policy, today);
  for (const [group, { device, party }] of start) {
    if (p.hostState[group] === 0) continue;
    for (const edge of p.hostEdges) {
      const actor = membersOf(p, group).find((member) => spansHold(edge.actors, member));
      if (actor === undefined) continue;
      const last: Link = { from: (zone.records[actor] as DeviceRecord).device, to: 'host', edge, forward: true };
      obstacles.push({ kind: 'host', device, chain: [...chain(party, actor), last] });
    }
  }
  for (const other of zone.records) {
    const group = p.groupOf[other.party] as number;
    if (inside[group] !== 1) continue;
    obstacles.push(...unknowns(other));
    if (belongs(other)) continue;
    const { device, party } = start.get(group) as DeviceRecord;
    obstacles.push({ kind: 'device', device, other: other.device, chain: chain(party, other.party) });
  }
  return obstacles;
}

/** What providers leave open about a device. */
function unknowns({ device, seen, unseenBy }: DeviceRecord): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  if (seen.length > 1) {
    obstacles.push({ kind: 'conflict', device, providers: seen.map((zone) => zone.registration.provider.name) });
  }
  if (unseenBy.length > 0) obstacles.push({ kind: 'unseen', device, providers: unseenBy });
  return obstacles;
}

function chainsIn(
  zone: Zone,
  policy: Policy,
  today: string | undefined,
): (from: number, to: ChainEnd) => readonly Link[] {
  const accepted = accepts(policy, zone.graph, today);
  const deviceAt = (end: ChainEnd): Device | 'host' =>
    end === 'host' ? 'host' : (zone.records[end] as DeviceRecord).device;
  const link = ({ from, to, edge, forward }: ChainStep): Link => ({
    from: deviceAt(from),
    to: deviceAt(to),
    edge,
    forward,
  });
  return (from, to) => (shortestChain(zone.graph, from, to, (edge) => !accepted(edge)) ?? []).map(link);
}
