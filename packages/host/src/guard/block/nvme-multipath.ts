/**
 * @module NVMe namespaces that are reached through several controllers (native multipath): the disk hangs on a subsystem.
 */

import { namesAt, targetOf } from '../../files.ts';
import { type Fate, redundant, STAYS } from '../fate.ts';
import { evidence } from '../loss.ts';
import type { BlockDevice } from './block-devices.ts';
import type { StackReading } from './stack.ts';

/**
 * `nvme2n1` in subsystem 2 has a hidden path `nvme2c0n1` below every controller through which it is reached. A controller
 * without such a path does not carry this namespace.
 */
export function multipathFate(reading: StackReading, { name, path }: BlockDevice): Fate {
  const numbers = /^nvme(\d+)n(\d+)$/.exec(name);
  if (numbers === null) return STAYS;
  const [, subsystem, namespace] = numbers;
  const carries = new RegExp(`^nvme${subsystem}c\\d+n${namespace}$`);
  const directory = path.slice(0, path.lastIndexOf('/'));
  const fates = namesAt(reading.tree, directory).flatMap((controller): Fate[] => {
    if (!/^nvme\d+$/.test(controller)) return [];
    const place = targetOf(reading.tree, directory, controller);
    if (place === undefined || !namesAt(reading.tree, place).some((entry) => carries.test(entry))) return [];
    const device = reading.leaving.deviceOf(place);
    if (device === undefined) return [STAYS];
    const shown = evidence(`${directory}/${controller}`, `${controller}, a path to ${name}, is below ${device}`);
    return [{ kind: 'leaves', way: { device, via: [name, controller], evidence: [shown] } }];
  });
  return fates.length === 0 ? STAYS : redundant(fates, fates.length - 1, `other controllers reach ${name}`);
}
