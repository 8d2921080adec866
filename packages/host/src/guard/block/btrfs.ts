/**
 * @module btrfs keeps one file system on several devices, and /sys/fs/btrfs tells which and with how many copies.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt } from '../../files.ts';
import { type Fate, onTop, redundant } from '../fate.ts';
import { evidence } from '../loss.ts';

const ROOT = 'sys/fs/btrfs';

/** Devices that a profile can be without. */
const SPARE: Readonly<Record<string, number>> = Object.freeze({
  raid1: 1,
  raid10: 1,
  raid5: 1,
  raid6: 2,
  raid1c3: 2,
  raid1c4: 3,
});

/** @returns undefined where no file system of the kernel has the device. */
export function btrfsFate(tree: MachineTree, device: string, fateOf: (name: string) => Fate): Fate | undefined {
  const uuid = namesAt(tree, ROOT).find((name) => namesAt(tree, `${ROOT}/${name}/devices`).includes(device));
  if (uuid === undefined) return undefined;
  const devices = namesAt(tree, `${ROOT}/${uuid}/devices`);
  const profiles = profilesOf(tree, uuid);
  const spare = profiles.length === 0 ? 0 : Math.min(...profiles.map((profile) => SPARE[profile] ?? 0));
  const title = `btrfs ${devices.length === 1 ? '' : `(${profiles.join(', ') || 'profile unknown'}) `}`.trimEnd();
  const fates = devices.map((name) =>
    onTop(fateOf(name), title, evidence(`${ROOT}/${uuid}/devices`, `${name} is one of ${devices.length} devices`)),
  );
  return redundant(
    fates,
    spare,
    'every block has a copy on what stays; it will only be mounted again with -o degraded',
  );
}

/** Profiles with which data, metadata and system are kept; more than one each during a conversion. */
function profilesOf(tree: MachineTree, uuid: string): readonly string[] {
  const found = ['data', 'metadata', 'system'].flatMap((kind) => {
    const directory = `${ROOT}/${uuid}/allocation/${kind}`;
    // Files beside them tell sizes.
    return namesAt(tree, directory).filter(
      (name) => name in SPARE || name === 'single' || name === 'dup' || name === 'raid0',
    );
  });
  return [...new Set(found)];
}
