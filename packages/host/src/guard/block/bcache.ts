/**
 * @module bcache: the device needs the disk behind it, which is a slave of it, and the cache before it, which is none.
 */
import { namesAt, targetOf } from '../../files.ts';
import { type Fate, onTop, worst } from '../fate.ts';
import { evidence } from '../loss.ts';
import type { BlockDevice } from './block-devices.ts';
import type { StackReading } from './stack.ts';

const SETS = 'sys/fs/bcache';

/** In the directory of a set, `bdev0` leads to a disk behind the cache and `cache0` to a cache: `…/nvme0n1p4/bcache`. */
export function bcacheFate(reading: StackReading, { name, path }: BlockDevice): Fate {
  const { tree, fateOf } = reading;
  const backing = namesAt(tree, `${path}/slaves`);
  const caches = namesAt(tree, SETS).flatMap((set) => {
    const directory = `${SETS}/${set}`;
    const diskOf = (entry: string): string => targetOf(tree, directory, entry)?.split('/').at(-2) ?? '';
    const entries = namesAt(tree, directory);
    if (!entries.some((entry) => /^bdev\d+$/.test(entry) && backing.includes(diskOf(entry)))) return [];
    return entries.filter((entry) => /^cache\d+$/.test(entry)).map(diskOf);
  });
  return worst(
    [...backing, ...caches].map((disk) =>
      onTop(fateOf(disk), name, evidence(`${path}/slaves, ${SETS}`, `${name} lies on ${disk}`)),
    ),
  );
}
