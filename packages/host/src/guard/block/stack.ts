/**
 * @module What becomes of each block device when functions leave: down through partitions, dm, md, NVMe multipath and
 * loop devices to the disks.
 */
import type { MachineTree } from '@isogroups/inventory';
import { lastPart, namesAt, textAt } from '../../files.ts';
import { type Fate, onTop, STAYS, worst } from '../fate.ts';
import type { Leaving } from '../leaving.ts';
import { evidence } from '../loss.ts';
import { bcacheFate } from './bcache.ts';
import { type BlockDevice, type BlockDevices, NUMBERS } from './block-devices.ts';
import { mapperFate } from './mapper.ts';
import { arrayFate } from './md-array.ts';
import { multipathFate } from './nvme-multipath.ts';
import { volumeFate } from './zfs.ts';

export interface BlockStack {
  readonly devices: BlockDevices;
  /** `name`: of a block device, as in `sys/class/block`. */
  fateOf(name: string): Fate;
}

/** What the rules for one kind of device need: the tree, and the fate of what a device lies on. */
export interface StackReading {
  readonly tree: MachineTree;
  readonly leaving: Leaving;
  readonly devices: BlockDevices;
  fateOf(name: string): Fate;
  /** Of the file system that holds a file. */
  fileFate(file: string): Fate;
}

/** @param fileFate for loop devices: what becomes of the file system that a path is on */
export function blockStack(
  tree: MachineTree,
  leaving: Leaving,
  devices: BlockDevices,
  fileFate: (file: string) => Fate,
): BlockStack {
  const known = new Map<string, Fate>();
  const fateOf = (name: string): Fate => {
    const before = known.get(name);
    if (before !== undefined) return before;
    // A device that lies on itself, in a damaged tree: the second time round it adds nothing.
    known.set(name, STAYS);
    const device = devices.byName(name);
    const fate = device === undefined ? STAYS : fateOfDevice(reading, device);
    known.set(name, fate);
    return fate;
  };
  const reading: StackReading = { tree, leaving, devices, fateOf, fileFate };
  return { devices, fateOf };
}

function fateOfDevice(reading: StackReading, device: BlockDevice): Fate {
  const { tree, leaving } = reading;
  const { name, number, path } = device;
  const below = leaving.deviceOf(path);
  if (below !== undefined) {
    const shown = evidence(`${NUMBERS}/${number}`, `${name} is below ${below}`);
    return { kind: 'leaves', way: { device: below, via: [name], evidence: [shown] } };
  }
  const names = namesAt(tree, path);
  // The directory of a partition lies in that of its disk.
  if (names.includes('partition')) {
    const disk = path.split('/').at(-2) as string;
    return onTop(reading.fateOf(disk), name, evidence(`${NUMBERS}/${number}`, `${name} is a partition of ${disk}`));
  }
  if (names.includes('md')) return arrayFate(reading, device);
  if (names.includes('dm')) return mapperFate(reading, device);
  if (names.includes('loop')) return loopFate(reading, device);
  if (path.includes('/nvme-subsystem/')) return multipathFate(reading, device);
  if (/^bcache\d+$/.test(name)) return bcacheFate(reading, device);
  if (names.includes('backing_dev')) return worst([zramFate(reading, device), slavesFate(reading, device)]);
  if (/^zd\d+$/.test(name)) return volumeFate(reading, device);
  return slavesFate(reading, device);
}

/** DRBD and others that say no more than what they lie on: they need all of it. */
function slavesFate(reading: StackReading, { name, path }: BlockDevice): Fate {
  const slaves = namesAt(reading.tree, `${path}/slaves`);
  return worst(slaves.map((s) => onTop(reading.fateOf(s), name, evidence(`${path}/slaves`, `${name} lies on ${s}`))));
}

/** Pages that zram writes back; `none` where it has no disk for them. */
function zramFate(reading: StackReading, { name, path }: BlockDevice): Fate {
  const file = `${path}/backing_dev`;
  const disk = textAt(reading.tree, file) ?? '';
  return onTop(reading.fateOf(lastPart(disk)), name, evidence(file, disk));
}

function loopFate(reading: StackReading, { name, path }: BlockDevice): Fate {
  const file = `${path}/loop/backing_file`;
  const bytes = reading.tree.readBytes(file);
  if (!(bytes instanceof Uint8Array)) return STAYS;
  const backing = new TextDecoder().decode(bytes).trimEnd();
  return onTop(reading.fileFate(backing), `${name} (${backing})`, evidence(file, backing));
}
