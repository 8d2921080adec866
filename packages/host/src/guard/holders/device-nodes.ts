/**
 * @module The files in /dev through which programs use a function and what hangs on it.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { lastPart, namesAt, targetOf, textAt } from '../../files.ts';
import { type Leaving, PCI_DEVICES } from '../leaving.ts';

export interface DeviceNode {
  /** `/dev/nvme0n1` */
  readonly path: string;
  readonly device: string;
}

const DIRECTORIES = ['sys/dev/block', 'sys/dev/char'];

/** Numbers of devices lead to their place in sysfs, and `uevent` there to the name in /dev. */
export function deviceNodes(tree: MachineTree, leaving: Leaving): readonly DeviceNode[] {
  const nodes = DIRECTORIES.flatMap((directory) =>
    namesAt(tree, directory).flatMap((number): DeviceNode[] => {
      const path = targetOf(tree, directory, number);
      const device = path === undefined ? undefined : leaving.deviceOf(path);
      if (path === undefined || device === undefined) return [];
      const name = /^DEVNAME=(.+)$/m.exec(textAt(tree, `${path}/uevent`) ?? '')?.[1] ?? lastPart(path);
      return [{ path: `/dev/${name}`, device }];
    }),
  );
  return [...nodes, ...leaving.devices.flatMap((device) => [...vfioNodes(tree, device), ...nvidiaNodes(tree, device)])];
}

/** The file of a group is no child of its devices. */
function vfioNodes(tree: MachineTree, device: string): readonly DeviceNode[] {
  const group = tree.readLink(`${PCI_DEVICES}/${device}/iommu_group`);
  if (isReadFailure(group)) return [];
  return ['', 'noiommu-'].map((prefix) => ({ path: `/dev/vfio/${prefix}${lastPart(group)}`, device }));
}

/** NVIDIA's own driver has files in /dev that sysfs knows nothing of. */
function nvidiaNodes(tree: MachineTree, device: string): readonly DeviceNode[] {
  const facts = textAt(tree, `proc/driver/nvidia/gpus/${device}/information`) ?? '';
  const minor = /^Device Minor:\s*(\d+)/m.exec(facts)?.[1];
  return minor === undefined ? [] : [{ path: `/dev/nvidia${minor}`, device }];
}
