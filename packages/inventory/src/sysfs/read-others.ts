/**
 * @module Devices that are no PCI functions: other members of kernel groups, and children that do DMA by their parent.
 */
import {
  type Fact,
  formatAddress,
  type KernelGroup,
  known,
  type LooseFunction,
  type OtherDevice,
} from '@isogroups/pci';
import { isReadFailure } from '../tree/machine-tree.ts';
import { type AttributeDirectory, mapText, openDirectory, type Reading } from './attributes.ts';
import { isAddress, joinLink, placeOf } from './device-path.ts';
import { parseGroup } from './read-function.ts';
import { GROUPS } from './read-groups.ts';

export type LooseOther = Omit<OtherDevice, 'parent'> & { readonly parentAddress: string | null };

export interface FunctionDirectory {
  readonly loose: LooseFunction;
  readonly directory: AttributeDirectory;
}

export function readOthers(
  reading: Reading,
  functions: readonly FunctionDirectory[],
  groups: Fact<readonly KernelGroup[]>,
): readonly LooseOther[] {
  return [...groupMembers(reading, known(groups) ?? []), ...functions.flatMap((f) => children(reading, f))];
}

function groupMembers(reading: Reading, groups: readonly KernelGroup[]): LooseOther[] {
  const others: LooseOther[] = [];
  for (const group of groups) {
    for (const name of group.members) {
      if (isAddress(name)) continue;
      const directory = `${GROUPS}/${group.id}/devices`;
      const target = reading.tree.readLink(`${directory}/${name}`);
      const path = isReadFailure(target) ? undefined : joinLink(directory, target);
      const parentAddress = path === undefined ? null : placeOf(path).parentAddress;
      others.push({ ...readOther(reading, name, path ?? `${directory}/${name}`), group: group.id, parentAddress });
    }
  }
  return others;
}

/** `virtio0` (a virtio device does its DMA as the PCI function below it) and mediated devices, which are named by UUID. */
export const CHILD_DEVICE: RegExp = /^(?:virtio\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

function children(reading: Reading, { loose, directory }: FunctionDirectory): LooseOther[] {
  return (directory.names ?? [])
    .filter((name) => CHILD_DEVICE.test(name))
    .map((name) => ({
      ...readOther(reading, name, `${directory.path}/${name}`),
      parentAddress: formatAddress(loose),
    }));
}

function readOther(reading: Reading, name: string, path: string): Omit<OtherDevice, 'parent'> {
  // `subsystem` is in the directory of every device; there is no file that all have.
  const directory = openDirectory(reading, path, 'subsystem', 'subsystem');
  return {
    name,
    subsystem: known(directory.linkName('subsystem')) ?? undefined,
    driver: directory.linkName('driver'),
    group: mapText(directory.linkName('iommu_group'), parseGroup),
  };
}
