/**
 * @module Whether a function serves the host: one that VFIO, UIO or a stub has does so no more.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { isVfioDriver } from '../conditions/viability.ts';
import { lastPart } from '../files.ts';
import { PCI_DEVICES } from './leaving.ts';

/** The name of its driver; undefined without one. */
export function driverOf(tree: MachineTree, device: string): string | undefined {
  const target = tree.readLink(`${PCI_DEVICES}/${device}/driver`);
  return isReadFailure(target) ? undefined : lastPart(target);
}

/** `uio_pci_generic`, `igb_uio` */
const UIO = /(?:^|_)uio(?:_|$)/;

export function isGivenAway(tree: MachineTree, device: string): boolean {
  const driver = driverOf(tree, device);
  return driver !== undefined && (driver === 'pci-stub' || UIO.test(driver) || isVfioDriver(driver));
}
