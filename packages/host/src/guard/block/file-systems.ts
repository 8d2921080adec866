/**
 * @module What becomes of a mounted file system: of its device, or of its devices where it has several.
 */
import type { MachineTree } from '@isogroups/inventory';
import { type Fate, onTop, STAYS, worst } from '../fate.ts';
import type { Leaving } from '../leaving.ts';
import { evidence } from '../loss.ts';
import type { BlockDevices } from './block-devices.ts';
import { btrfsFate } from './btrfs.ts';
import type { Mount } from './mount-table.ts';
import { type Resolve, referenceResolver } from './references.ts';
import { type BlockStack, blockStack } from './stack.ts';
import { zfsFate } from './zfs.ts';

export interface FileSystems {
  readonly stack: BlockStack;
  fateOf(mount: Mount): Fate;
  /** Of the file system that a file is on. */
  fateOfFile(path: string): Fate;
  /** Of a disk as configurations name it (`UUID=…`); undefined where nothing tells which one that is. */
  fateOfReference(reference: string): Fate | undefined;
}

/** @param mounts those of the namespace in which paths of files (of loop devices) are meant */
export function fileSystems(
  tree: MachineTree,
  leaving: Leaving,
  devices: BlockDevices,
  mounts: readonly Mount[],
): FileSystems {
  const resolve = referenceResolver(tree, devices);
  const fateOfFile = (file: string): Fate => {
    const mount = mountOf(mounts, file);
    if (mount === undefined) return STAYS;
    const shown = evidence('proc/self/mountinfo', `${file} is below ${mount.mountPoint}`);
    return onTop(fateOf(mount), mount.mountPoint, shown);
  };
  const stack = blockStack(tree, leaving, devices, fateOfFile);
  const fateOf = (mount: Mount): Fate => mountFate(tree, stack, resolve, mount);
  const fateOfReference = (reference: string): Fate | undefined => {
    const name = resolve(reference);
    return name === undefined ? undefined : stack.fateOf(name);
  };
  return { stack, fateOf, fateOfFile, fateOfReference };
}

function mountFate(tree: MachineTree, stack: BlockStack, resolve: Resolve, mount: Mount): Fate {
  const own = stack.devices.byNumber(mount.number);
  if (own !== undefined) return stack.fateOf(own.name);
  if (mount.type === 'zfs') return zfsFate(tree, mount.source, stack);
  // bcachefs names all of its devices in the source.
  const sources = mount.source.split(':').flatMap((source) => resolve(source) ?? []);
  if (mount.type === 'btrfs') {
    const [device] = sources;
    return (
      (device === undefined ? undefined : btrfsFate(tree, device, stack.fateOf)) ?? worst(sources.map(stack.fateOf))
    );
  }
  return worst(sources.map(stack.fateOf));
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
