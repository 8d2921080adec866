/**
 * @module What a user names: a device or a group, in any usual form.
 */
import { groupName, membersOf, type Partition } from '@isogroups/core';
import { type Analysis, formatAddress, type KernelGroup, known, type PciFunction, parseAddress } from '@isogroups/pci';
import { UsageError } from './command.ts';
import { suggest } from './render/suggest.ts';

/** Parties are indices of the graph: functions of the machine, then its other devices. */
export type Target =
  | { readonly kind: 'device'; readonly party: number }
  /** A group as the kernel made it. */
  | { readonly kind: 'kernel-group'; readonly id: number; readonly parties: readonly number[] }
  /** A group under the policy, by its index in the partition. */
  | { readonly kind: 'group'; readonly group: number; readonly parties: readonly number[] };

/**
 * `01:00.0`, `0000:01:00.0`, the name of another device, `14` or `group 14` (the kernel's number), or our name of a group
 * (`vtd0/0000:01:00.0`).
 *
 * @throws UsageError that names what is near.
 */
export function resolveTarget(analysis: Analysis, groups: Partition, text: string): Target {
  const wanted = text.trim();
  const number = /^(?:group[ :=]?\s*)?(\d+)$/i.exec(wanted)?.[1];
  if (number !== undefined) return kernelGroup(analysis, Number(number));
  if (wanted.includes('/')) return ownGroup(groups, wanted);
  return { kind: 'device', party: resolveDevice(analysis, wanted) };
}

/** @returns the party. @throws UsageError that names what is near. */
export function resolveDevice(analysis: Analysis, text: string): number {
  const { machine } = analysis;
  const wanted = text.trim();
  const other = machine.others.findIndex((o) => o.name === wanted);
  if (other >= 0) return machine.functions.length + other;
  const address = parseAddress(wanted);
  if (address === undefined) throw new UsageError(notAName(analysis, wanted));
  const name = formatAddress(address);
  const found = machine.functions.findIndex((f) => formatAddress(f) === name);
  if (found >= 0) return found;
  // Without a segment the address may be meant in another one than 0, as long as only one has it.
  const elsewhere =
    wanted.split(':').length === 2 ? machine.functions.flatMap((f, i) => (at(f, address) ? [i] : [])) : [];
  if (elsewhere.length === 1) return elsewhere[0] as number;
  if (elsewhere.length > 1) {
    const names = elsewhere.map((i) => formatAddress(machine.functions[i] as PciFunction));
    throw new UsageError(`${wanted} is one of ${names.join(', ')}: say which`);
  }
  throw new UsageError(`there is no ${name}; ${nearAddress(analysis, address)}`);
}

/** A device that software made (`virtio0`) has no DMA of its own: the question is about the function that it is a child of. */
export function ownerOf({ machine }: Analysis, party: number): number {
  const other = machine.others[party - machine.functions.length];
  return other === undefined || other.parent < 0 || known(other.group) != null ? party : other.parent;
}

/** A group that is named means its endpoints; bridges are not handed over. */
export function withoutBridges({ graph }: Analysis, parties: readonly number[]): readonly number[] {
  const ends = parties.filter((p) => !graph.parties.isBridge(p));
  return ends.length > 0 ? ends : parties;
}

function at(f: PciFunction, a: { readonly bus: number; readonly devfn: number }): boolean {
  return f.bus === a.bus && f.devfn === a.devfn;
}

function kernelGroup(analysis: Analysis, id: number): Target {
  const groups = kernelGroupsOf(analysis);
  const parties = groups.get(id);
  if (parties !== undefined) return { kind: 'kernel-group', id, parties };
  const ids = [...groups.keys()].sort((a, b) => a - b);
  if (ids.length === 0) throw new UsageError(`there is no group ${id}: the kernel made no groups on this machine`);
  throw new UsageError(`there is no group ${id}; the kernel's groups are ${ids[0]} to ${ids.at(-1)}`);
}

/** The kernel's groups by number, as parties: its own where the source has them, otherwise those that its rules give. */
export function kernelGroupsOf(analysis: Analysis): ReadonlyMap<number, readonly number[]> {
  const { machine, replay } = analysis;
  const groups = known(machine.kernel.groups);
  const found = new Map<number, number[]>();
  if (groups === undefined) {
    replay.groupOf.forEach((g, i) => {
      if (g < 0) return;
      const members = found.get(g);
      if (members === undefined) found.set(g, [i]);
      else members.push(i);
    });
    return found;
  }
  const partyOf = new Map<string, number>();
  machine.functions.forEach((f, i) => {
    partyOf.set(formatAddress(f), i);
  });
  machine.others.forEach((o, k) => {
    partyOf.set(o.name, machine.functions.length + k);
  });
  const members = (g: KernelGroup): number[] => g.members.flatMap((m) => partyOf.get(m) ?? []).sort((a, b) => a - b);
  for (const g of groups) found.set(g.id, members(g));
  return found;
}

function ownGroup(groups: Partition, name: string): Target {
  const found = (group: number): Target => ({ kind: 'group', group, parties: Array.from(membersOf(groups, group)) });
  const names: string[] = [];
  for (let g = 0; g < groups.groupCount; g++) {
    const own = groupName(groups, g);
    if (own === name) return found(g);
    names.push(own);
  }
  // A group is named after its lowest member: the name of another member says which one is meant.
  const device = name.slice(name.indexOf('/') + 1);
  for (let party = 0; party < groups.groupOf.length; party++) {
    if (groups.graph.parties.nameOf(party) !== device) continue;
    const own = names[groups.groupOf[party] as number] as string;
    throw new UsageError(`there is no group ${name} under policy ${groups.policy.name}; ${device} is in ${own}`);
  }
  const near = suggest(name, names);
  throw new UsageError(
    `there is no group ${name} under policy ${groups.policy.name}${near === undefined ? '; isogroups list prints them' : `; did you mean ${near}?`}`,
  );
}

const MOST = 8;

function nearAddress({ machine }: Analysis, a: { readonly segment: number; readonly bus: number }): string {
  if (machine.functions.length === 0) return 'the machine has no PCI functions';
  const names = (these: readonly PciFunction[]): string =>
    these.slice(0, MOST).map(formatAddress).join(', ') +
    (these.length > MOST ? ` and ${these.length - MOST} more` : '');
  const onBus = machine.functions.filter((f) => f.segment === a.segment && f.bus === a.bus);
  const bus = a.bus.toString(16).padStart(2, '0');
  if (onBus.length > 0) return `devices on bus ${bus}: ${names(onBus)}`;
  const busses = [...new Set(machine.functions.filter((f) => f.segment === a.segment).map((f) => f.bus))].sort(
    (x, y) => x - y,
  );
  if (busses.length === 0) return `there is nothing in segment ${a.segment.toString(16).padStart(4, '0')}`;
  const shown = busses.map((b) => b.toString(16).padStart(2, '0'));
  return `nothing is on bus ${bus}; there are busses ${shown.slice(0, 3 * MOST).join(', ')}${shown.length > 3 * MOST ? ', ...' : ''}`;
}

function notAName({ machine }: Analysis, text: string): string {
  const near = suggest(
    text,
    machine.others.map((o) => o.name),
  );
  const hint =
    near === undefined ? 'write 01:00.0, 0000:01:00.0, a group number or vtd0/0000:01:00.0' : `did you mean ${near}?`;
  return `"${text}" names no device; ${hint}`;
}
