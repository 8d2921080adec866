/**
 * @module Who has the VFIO files of devices open: unbinding VFIO waits for them.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { type DeviceNode, fileOf } from '../guard/holders/device-nodes.ts';
import { findHolders } from '../guard/holders/open-files.ts';
import { leavingOf } from '../guard/leaving.ts';
import { linkName, pciDevice } from '../kernel-files/device-files.ts';

export interface DeviceUsers {
  /** Sentences like "qemu-system-x86 (pid 812)". */
  readonly users: readonly string[];
  /** Processes that may not be looked into: any of them may be one. */
  readonly unseen: readonly string[];
}

/** Only processes that can be seen; none where VFIO has none of the devices. */
export function findUsers(tree: MachineTree, devices: readonly string[]): DeviceUsers {
  const nodes = devices.flatMap((device) => vfioFiles(tree, device));
  if (nodes.length === 0) return { users: [], unseen: [] };
  const { holders, unread, hanging } = findHolders(tree, leavingOf(tree, devices), nodes);
  const files = new Set(nodes.map(({ path }) => path));
  // Whoever has mapped the memory of a device through sysfs keeps no driver from going.
  const users = holders.filter(({ path }) => files.has(path)).map(({ command, pid }) => `${command} (pid ${pid})`);
  return { users: [...new Set(users)], unseen: [...unread, ...hanging] };
}

/**
 * What is told before and after a release. It is no refusal: in a container no process of the host is ever seen, and who
 * asks for a release means it. VFIO waits for its users, and the write has its deadline.
 */
export function unseenUsers(tree: MachineTree, devices: readonly string[]): readonly string[] {
  const { unseen } = findUsers(tree, devices);
  if (unseen.length === 0) return [];
  const who = unseen.length === 1 ? '1 process has' : `${unseen.length} processes have`;
  return [
    `whether ${who} the devices open could not be seen: unbinding waits for who does. To see it, run it as root, and not in a container`,
  ];
}

/** As far as it can be seen: see `findUsers`. */
export const usersOf = (tree: MachineTree, devices: readonly string[]): readonly string[] =>
  findUsers(tree, devices).users;

/** `/dev/vfio/14` of its group, `/dev/vfio/devices/vfio3` of itself. */
function vfioFiles(tree: MachineTree, device: string): readonly DeviceNode[] {
  if (!(linkName(tree, `${pciDevice(device)}/driver`) ?? '').includes('vfio')) return [];
  const group = linkName(tree, `${pciDevice(device)}/iommu_group`);
  const nodes = tree.list(`${pciDevice(device)}/vfio-dev`);
  return [
    ...(group === null ? [] : [`/dev/vfio/${group}`, `/dev/vfio/noiommu-${group}`]),
    ...(isReadFailure(nodes) ? [] : nodes.map((node) => `/dev/vfio/devices/${node}`)),
  ].map((path) => fileOf(device, path));
}
