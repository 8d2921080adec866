/**
 * @module ZFS: no file tells which disks a pool has; what udev saw on the partitions does, as far as udev looked.
 */
import type { MachineTree } from '@isogroups/inventory';
import { type Fate, onTop, worst } from '../fate.ts';
import { evidence } from '../loss.ts';
import type { BlockDevice } from './block-devices.ts';
import { udevRecords } from './references.ts';
import type { BlockStack } from './stack.ts';
import { unseenFate } from './unseen.ts';

/** What of the block devices of the machine the rules for pools need. */
export type PoolReading = Pick<BlockStack, 'devices' | 'fateOf'>;

/** A volume of a pool as a block device (`zd16`); which one, udev knows: `S:zvol/rpool/swap`. */
export function volumeFate(reading: PoolReading & { readonly tree: MachineTree }, { name, number }: BlockDevice): Fate {
  const link = udevRecords(reading.tree, number).find((record) => record.startsWith('S:zvol/'));
  const file = `run/udev/data/b${number}`;
  if (link !== undefined) {
    const dataset = link.slice('S:zvol/'.length);
    return onTop(zfsFate(reading.tree, dataset, reading), name, evidence(file, `${name} is the volume ${dataset}`));
  }
  return onTop(unseenPool('a ZFS pool', undefined, reading), name, evidence(file, `${name} is a volume of ZFS`));
}

/** @param dataset `rpool/ROOT/debian` */
export function zfsFate(tree: MachineTree, dataset: string, stack: PoolReading): Fate {
  const pool = dataset.split('/')[0] as string;
  const title = `ZFS pool ${pool}`;
  const members = stack.devices.all.filter(({ number }) => {
    const records = udevRecords(tree, number);
    return records.includes('E:ID_FS_TYPE=zfs_member') && records.includes(`E:ID_FS_LABEL=${pool}`);
  });
  const fates = members.map(({ name, number }) =>
    onTop(stack.fateOf(name), title, evidence(`run/udev/data/b${number}`, `${name} is a member of the pool ${pool}`)),
  );
  if (members.length > 0) return poolFate(fates, pool);
  return unseenPool(title, pool, stack);
}

function poolFate(fates: readonly Fate[], pool: string): Fate {
  const all = worst(fates);
  if (all.kind === 'stays' || fates.every((fate) => fate.kind === 'leaves')) return all;
  const why = 'other members stay, and no file tells whether the pool goes on with them';
  return { kind: 'undecided', way: all.way, why, decidedBy: `zpool status ${pool}` };
}

function unseenPool(title: string, pool: string | undefined, stack: PoolReading): Fate {
  const why = 'which disks the pool has could not be read';
  return unseenFate(stack, title, why, pool === undefined ? 'zpool status -P' : `zpool status -P ${pool}`);
}
