/**
 * @module What the kernel keeps on leaving disks without a file system or swap that this machine can see: volumes of LVM
 * for virtual machines or Ceph, open LUKS, arrays, volumes of ZFS, loop devices.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, textAt } from '../../files.ts';
import { lossesOf } from '../fate.ts';
import { evidence, type Loss } from '../loss.ts';
import type { BlockDevice } from './block-devices.ts';
import type { FileSystems } from './file-systems.ts';
import type { Mount } from './mount-table.ts';
import { swapAreas } from './swap-losses.ts';

/**
 * One item for the device at the top of each stack: those below it go the same way. Not where it, or a partition of it, is
 * mounted or swap, which is an item already; a program that has it open is one besides.
 */
export function stackLosses(tree: MachineTree, systems: FileSystems, mounts: readonly Mount[]): readonly Loss[] {
  const { devices, fateOf } = systems.stack;
  const told = new Set([
    ...mounts.flatMap(systems.devicesOf),
    ...swapAreas(tree).flatMap(({ area }) => systems.resolve(area) ?? []),
    ...namesAt(tree, BTRFS).flatMap((uuid) => namesAt(tree, `${BTRFS}/${uuid}/devices`)),
    ...devices.all.flatMap(({ path }) => namesAt(tree, `${path}/slaves`)),
  ]);
  const whole = new Set([...told].map((name) => diskOf(tree, devices.byName(name)) ?? name));
  return devices.all.flatMap((device): readonly Loss[] => {
    const { name, path } = device;
    if (!path.includes('/virtual/block/') || diskOf(tree, device) !== undefined || whole.has(name)) return [];
    const called = textAt(tree, `${path}/dm/name`);
    const item = `stack:/dev/${called === undefined ? name : `mapper/${called}`}`;
    const shown = [evidence(path, `${name} is made of others`)];
    return lossesOf(fateOf(name), { kind: 'stack', item, subject: 'the kernel keeps', shown });
  });
}

const BTRFS = 'sys/fs/btrfs';

/** Of a partition. */
function diskOf(tree: MachineTree, device: BlockDevice | undefined): string | undefined {
  if (device === undefined || textAt(tree, `${device.path}/partition`) === undefined) return undefined;
  return device.path.split('/').at(-2);
}
