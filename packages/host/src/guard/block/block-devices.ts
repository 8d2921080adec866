/**
 * @module The block devices of a machine by name and by number, from /sys/dev/block.
 */
import { isReadFailure, type MachineTree, type ReadFailure } from '@isogroups/inventory';
import { lastPart, targetOf } from '../../files.ts';

export interface BlockDevice {
  /** `nvme0n1p2`, `dm-0` */
  readonly name: string;
  /** `259:2`, as in /proc/self/mountinfo. */
  readonly number: string;
  /** Its directory below `sys/devices`. */
  readonly path: string;
}

export interface BlockDevices {
  byName(name: string): BlockDevice | undefined;
  byNumber(number: string): BlockDevice | undefined;
  readonly all: readonly BlockDevice[];
}

export const NUMBERS = 'sys/dev/block';

/** One link a device tells its number, its name, and where it is: no file has to be opened. */
export function readBlockDevices(tree: MachineTree): BlockDevices | ReadFailure {
  const numbers = tree.list(NUMBERS);
  if (isReadFailure(numbers)) return numbers;
  const all = numbers.flatMap((number): BlockDevice[] => {
    const path = targetOf(tree, NUMBERS, number);
    return path === undefined ? [] : [{ name: lastPart(path), number, path }];
  });
  const names = new Map(all.map((device) => [device.name, device]));
  const byNumber = new Map(all.map((device) => [device.number, device]));
  return { all, byName: (name) => names.get(name), byNumber: (number) => byNumber.get(number) };
}
