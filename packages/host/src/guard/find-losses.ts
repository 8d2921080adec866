/**
 * @module What the host would lose if PCI functions left it.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { blockLosses } from './block/block-losses.ts';
import { readFileSystems } from './block/file-systems.ts';
import { mountNamespaces } from './block/mount-namespaces.ts';
import { claimLosses } from './claims/claim-losses.ts';
import { consoleLosses } from './console/console-losses.ts';
import { displayLosses } from './console/display-losses.ts';
import { keyboardLosses } from './console/keyboard-losses.ts';
import { functionLosses } from './function-losses.ts';
import { deviceNodes } from './holders/device-nodes.ts';
import { holderLosses } from './holders/holder-losses.ts';
import { leavingOf } from './leaving.ts';
import type { Loss } from './loss.ts';
import { networkLosses } from './network/network-losses.ts';

export interface LossOptions {
  /** The value of SSH_CONNECTION; without it, the one in the environment of this process or one above it. */
  readonly sshConnection?: string;
  /** The `driver_override` that this program has written for a claim that stands, by device. */
  readonly ours?: ReadonlyMap<string, string>;
}

/**
 * Every item refuses a claim until it is named; none is left out because it could not be decided. Reads only files of the
 * tree: a captured root or one held in memory does as well as the running machine.
 *
 * @param members PCI addresses as sysfs writes them (`0000:01:00.0`): all functions that leave. Bridges among them stay.
 */
export function findLosses(tree: MachineTree, members: readonly string[], options: LossOptions = {}): readonly Loss[] {
  const leaving = leavingOf(tree, members);
  const namespaces = mountNamespaces(tree);
  const mounts = isReadFailure(namespaces) ? [] : (namespaces[0]?.mounts ?? []);
  const systems = readFileSystems(tree, leaving, mounts);
  return Object.freeze([
    ...blockLosses(tree, leaving, systems, namespaces),
    ...networkLosses(tree, leaving, { ...options, mounts }),
    ...displayLosses(tree, leaving),
    ...keyboardLosses(tree, leaving),
    ...consoleLosses(tree, leaving),
    ...functionLosses(tree, leaving, members),
    ...holderLosses(tree, deviceNodes(tree, leaving, systems), leaving),
    ...claimLosses(tree, leaving, options.ours ?? new Map()),
  ]);
}
