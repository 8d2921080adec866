/**
 * @module The groups that the kernel made, from /sys/kernel/iommu_groups.
 */
import {
  diagnostic,
  type Fact,
  formatAddress,
  isUnknown,
  type KernelGroup,
  type LooseFunction,
  type ReservedRegion,
  unknown,
} from '@isogroups/pci';
import { isReadFailure } from '../tree/machine-tree.ts';
import { openDirectory, type Reading, unreadable } from './attributes.ts';
import { parseGroup } from './read-function.ts';

export const GROUPS = 'sys/kernel/iommu_groups';

/**
 * In the order of their numbers. The `iommu_group` links of the functions say the same once more; they fill in what a
 * damaged or half snapshot has lost of the directory.
 */
export function readGroups(reading: Reading, functions: readonly LooseFunction[]): Fact<readonly KernelGroup[]> {
  const names = reading.tree.list(GROUPS);
  const linked = membersByLinks(functions);
  if (isReadFailure(names)) {
    const why = unreadable(reading, names);
    return linked.size === 0 ? why : completed(reading, [], linked);
  }
  const groups = names.filter((name) => isNumber(reading, name)).map((name) => readGroup(reading, name));
  if (groups.length === 0 && linked.size === 0 && !reading.tree.complete) {
    return unknown(`${GROUPS}: empty, but parts of the snapshot are lost`, 'a complete snapshot of the machine');
  }
  return completed(reading, groups, linked);
}

function isNumber(reading: Reading, name: string): boolean {
  if (parseGroup(name) !== null) return true;
  reading.diagnostics.push(diagnostic('warning', `${GROUPS}/${name}`, 'not a group number; left out'));
  return false;
}

function readGroup(reading: Reading, name: string): KernelGroup {
  // `devices` is in the directory of every group; the files have come one by one with newer kernels.
  const directory = openDirectory(reading, `${GROUPS}/${name}`, 'devices', 'devices');
  const members = reading.tree.list(`${directory.path}/devices`);
  if (isReadFailure(members)) {
    const message = `${members.message}; only the members that say so themselves are known`;
    reading.diagnostics.push(diagnostic('error', `${directory.path}/devices`, message));
  }
  const file = `${directory.path}/reserved_regions`;
  const regions = directory.text('reserved_regions');
  return {
    id: Number(name),
    members: isReadFailure(members) ? [] : [...members],
    type: directory.text('type'),
    reservedRegions:
      regions === null
        ? unknown(`${file}: not there`, 'a kernel that offers this file')
        : isUnknown(regions)
          ? regions
          : parseRegions(reading, file, regions),
  };
}

/** Lines `0x00000000fee00000 0x00000000feefffff msi`. */
function parseRegions(reading: Reading, file: string, text: string): readonly ReservedRegion[] {
  const regions: ReservedRegion[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const match = /^(0x[0-9a-f]{1,16}) (0x[0-9a-f]{1,16}) (\S+)$/i.exec(line);
    if (match === null) {
      reading.diagnostics.push(diagnostic('warning', file, `line ${index + 1} is no reserved region; left out`));
      continue;
    }
    const [, start, end, type] = match as unknown as [string, string, string, string];
    regions.push(Object.freeze({ start: BigInt(start), end: BigInt(end), type }));
  }
  return Object.freeze(regions);
}

function membersByLinks(functions: readonly LooseFunction[]): Map<number, string[]> {
  const members = new Map<number, string[]>();
  for (const f of functions) {
    if (typeof f.host.group !== 'number') continue;
    const names = members.get(f.host.group);
    if (names === undefined) members.set(f.host.group, [formatAddress(f)]);
    else names.push(formatAddress(f));
  }
  return members;
}

function completed(
  reading: Reading,
  listed: readonly KernelGroup[],
  linked: ReadonlyMap<number, readonly string[]>,
): readonly KernelGroup[] {
  const groups = new Map(listed.map((group) => [group.id, group]));
  const added: string[] = [];
  for (const [id, names] of linked) {
    const group = groups.get(id) ?? unlisted(id);
    const members = new Set(group.members);
    const missing = names.filter((name) => !members.has(name));
    if (missing.length === 0) continue;
    added.push(...missing);
    groups.set(id, { ...group, members: [...group.members, ...missing].sort() });
  }
  if (added.length > 0) {
    const message = `${added.length} members are not listed, among them ${added[0]}; their own links name their group`;
    reading.diagnostics.push(diagnostic('warning', GROUPS, message));
  }
  const ordered = [...groups.values()].sort((a, b) => a.id - b.id);
  for (const group of ordered) Object.freeze(Object.freeze(group).members);
  return Object.freeze(ordered);
}

function unlisted(id: number): KernelGroup {
  const why = unknown(`${GROUPS}/${id}: not there`, 'a complete snapshot of the machine');
  return { id, members: [], type: why, reservedRegions: why };
}

/** The group of each member by its name; empty where the groups are unknown. */
export function membership(groups: Fact<readonly KernelGroup[]>): ReadonlyMap<string, number> {
  const listed = isUnknown(groups) ? [] : groups;
  return new Map(listed.flatMap((group) => group.members.map((name) => [name, group.id] as const)));
}
