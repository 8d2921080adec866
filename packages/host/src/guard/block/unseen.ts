/**
 * @module What lies on disks that nothing names: any disk that leaves may be one of them.
 */
import { type Fate, worst } from '../fate.ts';
import type { BlockStack } from './stack.ts';

/** What the kernel makes of other devices; the disks that it is made of are asked instead. */
const MADE_OF_OTHERS = '/virtual/block/';

/**
 * @param title the thing: `ZFS pool tank`
 * @param why a clause: what could not be found out
 */
export function unseenFate(
  { devices, fateOf }: Pick<BlockStack, 'devices' | 'fateOf'>,
  title: string,
  why: string,
  decidedBy: string,
): Fate {
  const disks = devices.all.filter(({ path }) => !path.includes(MADE_OF_OTHERS));
  const leaving = worst(disks.map(({ name }) => fateOf(name)));
  if (leaving.kind === 'stays') return leaving;
  return { kind: 'undecided', way: { ...leaving.way, via: [title, ...leaving.way.via] }, why, decidedBy };
}
