/**
 * @module Who has the VFIO files of devices open.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { textAt } from '../files.ts';
import { linkName, pciDevice } from '../kernel-files/device-files.ts';

/** Sentences like "qemu-system-x86 (pid 812)"; only processes that can be seen. */
export function usersOf(tree: MachineTree, devices: readonly string[]): readonly string[] {
  const files = new Set(devices.flatMap((device) => vfioFiles(tree, device)));
  if (files.size === 0) return [];
  const processes = tree.list('proc');
  const found: string[] = [];
  for (const pid of isReadFailure(processes) ? [] : processes) {
    if (!/^\d+$/.test(pid) || !hasOpen(tree, pid, files)) continue;
    found.push(`${textAt(tree, `proc/${pid}/comm`) ?? 'a process'} (pid ${pid})`);
  }
  return found;
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

function hasOpen(tree: MachineTree, pid: string, files: ReadonlySet<string>): boolean {
  const open = tree.list(`proc/${pid}/fd`);
  if (isReadFailure(open)) return false;
  return open.some((fd) => {
    const target = tree.readLink(`proc/${pid}/fd/${fd}`);
    return !isReadFailure(target) && files.has(target);
  });
}
