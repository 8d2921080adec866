/**
 * @module The groups as sysfs shows them, made from the records.
 */
import { type DeviceRecord, type GroupRecord, placeOf } from './records.ts';
import type { RegistryState } from './state.ts';
import type { RegistryTree, TreeFile, TreeLink } from './tree.ts';
import { uuidV5 } from './uuid/uuid-v5.ts';

const GROUPS = 'isolation';
const DEVICES = 'devices';

export function buildTree(state: RegistryState): RegistryTree {
  const directories = new Set<string>([GROUPS, DEVICES]);
  const links: TreeLink[] = [];
  const files: TreeFile[] = [];
  for (const record of state.records.values()) for (const d of ancestors(pathOf(record))) directories.add(d);
  for (const group of state.groups) {
    const path = `${GROUPS}/${group.name}`;
    for (const directory of ancestors(path)) directories.add(directory);
    directories.add(`${path}/devices`);
    files.push({ path: `${path}/uuid`, text: `${uuidV5(group.name)}\n` });
    if (group.claim !== undefined) files.push({ path: `${path}/manager`, text: `${group.claim.manager.name}\n` });
    nameLinks(group);
    for (const record of group.records) {
      links.push(link(`${path}/devices/${record.link?.name}`, pathOf(record)));
      links.push(link(`${pathOf(record)}/isolation_group`, path));
    }
  }
  return { directories: [...directories], links, files };
}

const pathOf = (record: DeviceRecord): string => `${DEVICES}/${placeOf(record)}`;

function ancestors(path: string): readonly string[] {
  const words = path.split('/');
  return words.map((_, k) => words.slice(0, k + 1).join('/'));
}

/** A device keeps the name that it has in the group; a new one gets its own, or that with the lowest free number. */
function nameLinks(group: GroupRecord): void {
  const taken = new Set<string>();
  const unnamed: DeviceRecord[] = [];
  for (const record of group.records) {
    if (record.link?.group === group) taken.add(record.link.name);
    else unnamed.push(record);
  }
  for (const record of unnamed) {
    const own = record.device.name.replaceAll('/', '!');
    let name = own;
    for (let k = 1; taken.has(name); k++) name = `${own}.${k}`;
    taken.add(name);
    record.link = { group, name };
  }
}

function link(path: string, to: string): TreeLink {
  const up = '../'.repeat(path.split('/').length - 1);
  return { path, target: `${up}${to}` };
}
