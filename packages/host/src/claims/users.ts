/**
 * @module Who has the VFIO files of devices open: unbinding VFIO waits for them.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { fileOf } from '../guard/holders/device-nodes.ts';
import { findHolders, whoHangs } from '../guard/holders/open-files.ts';
import { leavingOf } from '../guard/leaving.ts';
import { linkName, pciDevice } from '../kernel-files/device-files.ts';

export interface DeviceUsers {
  /** By device, sentences like "qemu-system-x86 (pid 812)". Absent: nobody. */
  readonly users: ReadonlyMap<string, readonly string[]>;
  /** Processes that may not be looked into: any of them may be one. */
  readonly unseen: readonly string[];
  /** Processes whose mappings the kernel does not show, because they hang in it: they may be, too. */
  readonly hanging: readonly string[];
}

/**
 * Only processes that can be seen; none where VFIO has none of the devices.
 *
 * @param tree of a running machine a patient look (`lookPatiently`): the mappings of a process that hangs keep who reads
 *   them waiting
 */
export function findUsers(tree: MachineTree, devices: readonly string[]): DeviceUsers {
  const files = devices.map((device) => ({ device, paths: vfioFiles(tree, device) }));
  const nodes = files.flatMap(({ device, paths }) => paths.map((path) => fileOf(device, path)));
  if (nodes.length === 0) return { users: new Map(), unseen: [], hanging: [] };
  const { holders, unread, hanging } = findHolders(tree, leavingOf(tree, devices), nodes);
  const users = new Map<string, readonly string[]>();
  for (const { device, paths } of files) {
    // Whoever has mapped the memory of a device through sysfs keeps no driver from going.
    const found = holders
      .filter(({ path }) => paths.includes(path))
      .map(({ command, pid }) => `${command} (pid ${pid})`);
    if (found.length > 0) users.set(device, [...new Set(found)]);
  }
  return { users, unseen: unread, hanging };
}

/**
 * What is told before and after a release. It is no refusal: in a container no process of the host is ever seen, and who
 * asks for a release means it. VFIO waits for its users, and the write has its deadline.
 */
export function unseenUsers(tree: MachineTree, devices: readonly string[]): readonly string[] {
  const { unseen, hanging } = findUsers(tree, devices);
  const notes: string[] = [];
  if (unseen.length > 0) {
    const who = unseen.length === 1 ? '1 process has' : `${unseen.length} processes have`;
    notes.push(
      `whether ${who} the devices open could not be seen: unbinding waits for who does. To see it, run it as root, and not in a container`,
    );
  }
  if (hanging.length > 0) {
    const have = hanging.length === 1 ? 'has' : 'have';
    notes.push(
      `whether ${whoHangs(hanging)} ${have} the devices mapped could not be seen: unbinding waits for who does. /proc/${hanging[0]}/stack says where it is`,
    );
  }
  return notes;
}

/** `/dev/vfio/14` of its group, `/dev/vfio/devices/vfio3` of itself. */
function vfioFiles(tree: MachineTree, device: string): readonly string[] {
  if (!(linkName(tree, `${pciDevice(device)}/driver`) ?? '').includes('vfio')) return [];
  const group = linkName(tree, `${pciDevice(device)}/iommu_group`);
  const nodes = tree.list(`${pciDevice(device)}/vfio-dev`);
  return [
    ...(group === null ? [] : [`/dev/vfio/${group}`, `/dev/vfio/noiommu-${group}`]),
    ...(isReadFailure(nodes) ? [] : nodes.map((node) => `/dev/vfio/devices/${node}`)),
  ];
}
