/**
 * @module What the registry keeps of devices, groups, claims and providers. The only mutable data of this folder; who may
 * change what stands at each field.
 */
import type { Device, Driver } from '../device.ts';
import type { Domain } from '../domain/domain.ts';
import type { IommuOps } from '../domain/iommu-ops.ts';
import type { InterferenceGraph } from '../graph.ts';
import type { Partition } from '../partition.ts';
import type { Policy } from '../policy.ts';
import type { Claim } from './claim.ts';
import type { Group } from './group.ts';
import type { Manager } from './manager.ts';
import type { Obstacle } from './obstacle.ts';
import type { IsolationProvider } from './provider.ts';
import type { Quarantine } from './quarantine.ts';

/** No device: one list for all, since most devices stand alone in most respects. */
export const NOBODY: readonly never[] = Object.freeze([]);

export interface DeviceRecord {
  readonly device: Device;
  /** Order of arrival. */
  readonly serial: number;
  readonly parent: DeviceRecord | undefined;
  /** Made for the first: most devices have none. */
  children: Set<DeviceRecord> | undefined;
  /** False once it was unplugged. */
  present: boolean;
  /** What the providers that vouch for it see around it (sightings.ts). Several: they are in conflict. */
  seen: readonly SeenZone[];
  /** Names of providers that failed at it. */
  unseenBy: readonly string[];
  /** The group that it was added to by hand (handmade.ts). */
  madeFor: GroupRecord | undefined;
  /** The provider that was asked about it added it by hand: that is its answer. */
  madeByProvider: boolean;
  /** Where it stands: undefined in quarantine (zones.ts). */
  zone: Zone | undefined;
  party: number;
  /** The last pass over records that came by: a set of its own would cost more than the pass (passes.ts). */
  pass: number;
  /** Undefined in quarantine (regroup.ts). */
  group: GroupRecord | undefined;
  claim: ClaimRecord | undefined;
  domain: Domain | undefined;
  quarantine: Quarantine | undefined;
  /** The domain that it left, and whose IOMMU did not let go of it (stuck.ts). */
  stuckIn: Domain | undefined;
  /** What may bind; undefined: anything (gate.ts). */
  gate: ReadonlySet<Driver> | undefined;
  /** Name of the link in `devices/` (build-tree.ts), and the group for which it was chosen. */
  link: { readonly group: GroupRecord; readonly name: string } | undefined;
}

/** A sighting, with records in place of devices. */
export interface SeenZone {
  readonly registration: Registration;
  readonly records: readonly DeviceRecord[];
  readonly graph: () => InterferenceGraph;
}

/** Devices that anything at all joins: the sightings that overlap, and what sits below them. */
export interface Zone {
  /** By party of the graph. */
  readonly records: readonly DeviceRecord[];
  readonly graph: InterferenceGraph;
  /** Partitions of the whole zone that were asked for. */
  readonly partitions: Map<Policy, { readonly today: string | undefined; readonly partition: Partition }>;
}

export interface GroupRecord {
  /** Order of creation. */
  readonly serial: number;
  /** Members that were put together by hand; undefined for a group that follows from facts. */
  readonly made: { readonly by: string; readonly records: Set<DeviceRecord> } | undefined;
  /** What it ought to be called, and what it is called as that was taken. */
  baseName: string;
  name: string;
  uuid: string | undefined;
  present: boolean;
  records: readonly DeviceRecord[];
  claim: ClaimRecord | undefined;
  /** Written by the domain that it is in. */
  domain: Domain | undefined;
  iommuOps: IommuOps | undefined;
  /** Made when somebody asks for it: most groups are never looked at. */
  handle: Group | undefined;
}

export interface ClaimRecord {
  readonly manager: Manager;
  readonly policy: Policy;
  readonly since: string | undefined;
  standing: boolean;
  readonly records: Set<DeviceRecord>;
  readonly groups: Set<GroupRecord>;
  /** Where devices were that were pulled while it stood, by their path. What is put there comes back to the group. */
  readonly places: Map<string, GroupRecord>;
  losses: readonly Obstacle[];
  readonly handle: Claim;
}

export interface Registration {
  readonly provider: IsolationProvider;
  readonly busses: Set<string>;
  /** Order of registration. */
  readonly serial: number;
}

/** Whether it takes part: it is there, and not in quarantine. */
export function isLive(record: DeviceRecord): boolean {
  return record.present && record.quarantine === undefined;
}

/** Whether a provider sees it; otherwise its parent's provider speaks for it. */
export function isVouchedFor(record: DeviceRecord): boolean {
  return record.seen.length > 0 || record.madeByProvider;
}

/**
 * Busses and names from the root down, `pci/0000:00:1c.0/pci/0000:01:00.0`: what stays the same when another device is put
 * into the same place. A slash in a name becomes an exclamation mark, as in sysfs.
 */
export function placeOf(record: DeviceRecord): string {
  const words: string[] = [];
  for (let at: DeviceRecord | undefined = record; at !== undefined; at = at.parent) {
    words.unshift(at.device.bus, at.device.name.replaceAll('/', '!'));
  }
  return words.join('/');
}

/** What was added by hand is forgotten. */
export function unmake(record: DeviceRecord): void {
  record.madeFor?.made?.records.delete(record);
  record.madeFor = undefined;
  record.madeByProvider = false;
}
