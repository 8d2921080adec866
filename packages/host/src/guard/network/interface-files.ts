/**
 * @module Where the interfaces are in sysfs, and whether one has a link.
 */
import type { MachineTree } from '@isogroups/inventory';
import { textAt } from '../../files.ts';

export const INTERFACES = 'sys/class/net';

/** A part that has no link now carries nothing when the other one is gone. Unreadable: the interface is down. */
export function hasCarrier(tree: MachineTree, name: string): boolean {
  return textAt(tree, `${INTERFACES}/${name}/carrier`) === '1';
}
