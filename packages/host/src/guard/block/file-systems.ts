/**
 * @module What becomes of a mounted file system: of its device, or of its devices where it has several.
 */
import { isReadFailure, type MachineTree, type ReadFailure } from '@isogroups/inventory';
import { type Fate, onTop, STAYS, worst } from '../fate.ts';
import type { Leaving } from '../leaving.ts';
import { evidence } from '../loss.ts';
import { readBlockDevices } from './block-devices.ts';
import { btrfsFate } from './btrfs.ts';
import type { Mount } from './mount-table.ts';
import { type Resolve, referenceResolver } from './references.ts';
import { type BlockStack, blockStack } from './stack.ts';
import { unseenFate } from './unseen.ts';
import { zfsFate } from './zfs.ts';

export interface FileSystems {
  readonly stack: BlockStack;
  fateOf(mount: Mount): Fate;
  /** Of the file system that a file is on. */
  fateOfFile(path: string): Fate;
  /** Of a disk as configurations name it (`UUID=…`); undefined where nothing tells which one that is. */
  fateOfReference(reference: string): Fate | undefined;
  /** Of a disk in use, by the name that the kernel has for it: one that nothing resolves may be any. */
  fateOfSource(source: string): Fate;
  /** The names of the block devices that a mount names. */
  devicesOf(mount: Mount): readonly string[];
  readonly resolve: Resolve;
}

/**
 * @param mounts those of the namespace in which paths of files (of loop devices) are meant
 * @returns a failure where the block devices cannot be listed
 */
export function readFileSystems(
  tree: MachineTree,
  leaving: Leaving,
  mounts: readonly Mount[],
): FileSystems | ReadFailure {
  const devices = readBlockDevices(tree);
  if (isReadFailure(devices)) return devices;
  const resolve = referenceResolver(tree, devices);
  const fateOfFile = (file: string): Fate => {
    const mount = mountOf(mounts, file);
    if (mount === undefined) return STAYS;
    const shown = evidence('proc/self/mountinfo', `${file} is below ${mount.mountPoint}`);
    return onTop(fateOf(mount), mount.mountPoint, shown);
  };
  const stack = blockStack(tree, leaving, devices, fateOfFile);
  const fateOf = (mount: Mount): Fate => mountFate(tree, systems, mount);
  const fateOfReference = (reference: string): Fate | undefined => {
    const name = resolve(reference);
    return name === undefined ? undefined : stack.fateOf(name);
  };
  const fateOfSource = (source: string): Fate =>
    fateOfReference(source) ??
    unseenFate(stack, source, `which disk ${source} is could not be read`, 'findmnt --real, and lsblk');
  const devicesOf = (mount: Mount): readonly string[] => {
    const own = devices.byNumber(mount.number);
    return [...(own === undefined ? [] : [own.name]), ...sourcesOf(mount).flatMap((source) => resolve(source) ?? [])];
  };
  const systems: FileSystems = { stack, resolve, fateOf, fateOfFile, fateOfReference, fateOfSource, devicesOf };
  return systems;
}

function mountFate(tree: MachineTree, { stack, fateOfSource, resolve }: FileSystems, mount: Mount): Fate {
  const own = stack.devices.byNumber(mount.number);
  const beside = worst(mount.options.flatMap((option) => DEVICE_OPTION.exec(option)?.[1] ?? []).map(fateOfSource));
  if (own !== undefined) return worst([stack.fateOf(own.name), beside]);
  if (mount.type === 'zfs') return zfsFate(tree, mount.source, stack);
  const sources = sourcesOf(mount);
  const [device] = sources.flatMap((source) => resolve(source) ?? []);
  const several = mount.type === 'btrfs' && device !== undefined ? btrfsFate(tree, device, stack.fateOf) : undefined;
  return several ?? worst([...sources.map(fateOfSource), beside]);
}

/** A log or real-time part of XFS on another disk. */
const DEVICE_OPTION = /^(?:logdev|rtdev)=(.+)$/;

/** bcachefs names all of its devices; FUSE has one that is no disk. */
function sourcesOf({ type, source, number }: Mount): readonly string[] {
  if (type === 'btrfs' || !number.startsWith('0:')) return [source];
  return source.split(':').filter((part) => part.startsWith('/dev/') && part !== '/dev/fuse');
}

/** The mount that a path is on: the one with the longest mount point above it, of equal ones the last. */
function mountOf(mounts: readonly Mount[], file: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const { mountPoint } = mount;
    const isAbove = mountPoint === '/' || file === mountPoint || file.startsWith(`${mountPoint}/`);
    if (isAbove && mountPoint.length >= (found?.mountPoint.length ?? 0)) found = mount;
  }
  return found;
}
