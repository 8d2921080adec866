/**
 * @module Where the interfaces are in sysfs, and whether one has a link.
 */
import type { MachineTree } from '@isogroups/inventory';
import { textAt } from '../../files.ts';

export const INTERFACES = 'sys/class/net';

/** `unknown`: of drivers that do not say more, while there is a link. `dormant`: there is one, and somebody has to log in. */
const WITH_LINK: ReadonlySet<string> = new Set(['up', 'unknown', 'dormant']);

/**
 * A part that has no link now carries nothing when the other one is gone. `carrier` says the same, but newer kernels (6.12
 * is one) wait there for the lock of all interfaces, which a driver that hangs may hold.
 */
export function hasCarrier(tree: MachineTree, name: string): boolean {
  return WITH_LINK.has(textAt(tree, `${INTERFACES}/${name}/operstate`) ?? 'down');
}
