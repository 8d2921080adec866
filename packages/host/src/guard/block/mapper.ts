/**
 * @module Device mapper: dm-crypt, LVM, multipath.
 */

import { namesAt, textAt } from '../../files.ts';
import { type Fate, onTop, redundant, worst } from '../fate.ts';
import { evidence } from '../loss.ts';
import type { BlockDevice } from './block-devices.ts';
import type { StackReading } from './stack.ts';

/** What made the device, by the beginning of its uuid. */
const MAKERS: readonly (readonly [beginning: string, words: string])[] = [
  ['CRYPT-', 'encrypted'],
  ['LVM-', 'LVM'],
  ['mpath-', 'multipath'],
  ['part', 'partition of multipath'],
];

/** Hidden volumes that LVM makes RAID of: `vg-root_rimage_0`, `vg-root_rmeta_0`, and of the older mirrors `_mimage_`. */
const LVM_IMAGE = /_(?:rimage|mimage)_\d+$/;
const LVM_META = /_rmeta_\d+$/;

export function mapperFate(reading: StackReading, { name, path }: BlockDevice): Fate {
  const { tree } = reading;
  const title = mapperTitle(reading, { name, path });
  const slaves = namesAt(tree, `${path}/slaves`).map((slave) => ({
    slave,
    called: textAt(tree, `sys/class/block/${slave}/dm/name`) ?? '',
    fate: onTop(reading.fateOf(slave), title, evidence(`${path}/slaves`, `${title} lies on ${slave}`)),
  }));
  const uuid = textAt(tree, `${path}/dm/uuid`) ?? '';
  const fates = slaves.map((s) => s.fate);
  if (uuid.startsWith('mpath-')) return redundant(fates, fates.length - 1, 'other paths to it stay');
  const images = slaves.filter((s) => LVM_IMAGE.test(s.called) || LVM_META.test(s.called));
  if (images.length === 0 || images.length !== slaves.length) return worst(fates);
  return lvmRaidFate(
    slaves.filter((s) => LVM_IMAGE.test(s.called)).map((s) => s.fate),
    worst(fates),
  );
}

/** The tables of device mapper, which tell the level, are behind an ioctl and in no file. */
function lvmRaidFate(images: readonly Fate[], all: Fate): Fate {
  if (all.kind !== 'leaves' || images.every((fate) => fate.kind === 'leaves')) return all;
  const why = 'LVM keeps it on several disks, and which level that is no file tells';
  return { kind: 'undecided', way: all.way, why, decidedBy: 'lvs -o name,segtype,copy_percent,devices' };
}

/** `dm-0 (vg-root, LVM)` */
function mapperTitle({ tree }: StackReading, { name, path }: Pick<BlockDevice, 'name' | 'path'>): string {
  const called = textAt(tree, `${path}/dm/name`);
  const uuid = textAt(tree, `${path}/dm/uuid`) ?? '';
  const maker = MAKERS.find(([beginning]) => uuid.startsWith(beginning))?.[1];
  const inside = [called, maker].filter((word) => word !== undefined && word !== '');
  return inside.length === 0 ? name : `${name} (${inside.join(', ')})`;
}
