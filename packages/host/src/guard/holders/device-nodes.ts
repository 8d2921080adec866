/**
 * @module The files in /dev through which programs use a function and what hangs on it.
 */
import { isReadFailure, type MachineTree, type ReadFailure } from '@isogroups/inventory';
import { lastPart, namesAt, targetOf, textAt } from '../../files.ts';
import type { FileSystems } from '../block/file-systems.ts';
import type { AffectedFate } from '../fate.ts';
import { type Leaving, PCI_DEVICES } from '../leaving.ts';

export interface DeviceNode {
  /** `/dev/nvme0n1` */
  readonly path: string;
  readonly fate: AffectedFate;
}

/** @param systems for what is made of disks: a failure where the block devices cannot be listed */
export function deviceNodes(
  tree: MachineTree,
  leaving: Leaving,
  systems: FileSystems | ReadFailure,
): readonly DeviceNode[] {
  return [
    ...blockNodes(tree, systems),
    ...characterNodes(tree, leaving),
    ...leaving.devices.flatMap((device) => [...vfioNodes(tree, device), ...nvidiaNodes(tree, device)]),
  ];
}

/** Also of arrays, volumes and encrypted disks that lie on one of the function. */
function blockNodes(tree: MachineTree, systems: FileSystems | ReadFailure): readonly DeviceNode[] {
  if (isReadFailure(systems)) return [];
  const { devices, fateOf } = systems.stack;
  return devices.all.flatMap(({ name, path }): DeviceNode[] => {
    const fate = fateOf(name);
    return fate.kind === 'stays' ? [] : [{ path: nodeAt(tree, path), fate }];
  });
}

const CHARACTER = 'sys/dev/char';

function characterNodes(tree: MachineTree, leaving: Leaving): readonly DeviceNode[] {
  return namesAt(tree, CHARACTER).flatMap((number): DeviceNode[] => {
    const place = targetOf(tree, CHARACTER, number);
    const device = place === undefined ? undefined : leaving.deviceOf(place);
    return place === undefined || device === undefined ? [] : [fileOf(device, nodeAt(tree, place))];
  });
}

/** `uevent` tells the name in /dev, where it is not that in sysfs. */
function nodeAt(tree: MachineTree, place: string): string {
  const name = /^DEVNAME=(.+)$/m.exec(textAt(tree, `${place}/uevent`) ?? '')?.[1];
  return `/dev/${name ?? lastPart(place)}`;
}

/** A file that is the function's own. */
export function fileOf(device: string, path: string): DeviceNode {
  return { path, fate: { kind: 'leaves', way: { device, via: [path], evidence: [] } } };
}

/** The file of a group is no child of its devices. */
function vfioNodes(tree: MachineTree, device: string): readonly DeviceNode[] {
  const group = tree.readLink(`${PCI_DEVICES}/${device}/iommu_group`);
  if (isReadFailure(group)) return [];
  return ['', 'noiommu-'].map((prefix) => fileOf(device, `/dev/vfio/${prefix}${lastPart(group)}`));
}

/** NVIDIA's own driver has files in /dev that sysfs knows nothing of. */
function nvidiaNodes(tree: MachineTree, device: string): readonly DeviceNode[] {
  const facts = textAt(tree, `proc/driver/nvidia/gpus/${device}/information`) ?? '';
  const minor = /^Device Minor:\s*(\d+)/m.exec(facts)?.[1];
  return minor === undefined ? [] : [fileOf(device, `/dev/nvidia${minor}`)];
}
