/**
 * @module Where sysfs keeps what binds a PCI function to a driver, and how its small files are read.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { lastPart } from '../files.ts';

const ADDRESS = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;

/**
 * Names come from the machine's listing and from the journal; what is written to is checked all the same.
 *
 * @throws RangeError for what is no address.
 */
export function pciDevice(device: string): string {
  if (!ADDRESS.test(device)) throw new RangeError(`"${device}" is no PCI address`);
  return `sys/bus/pci/devices/${device}`;
}

export const driverFile = (driver: string, file: 'bind' | 'unbind'): string => `sys/bus/pci/drivers/${driver}/${file}`;
export const overrideFile = (device: string): string => `${pciDevice(device)}/driver_override`;
export const vfCountFile = (device: string): string => `${pciDevice(device)}/sriov_numvfs`;
export const PROBE_FILE = 'sys/bus/pci/drivers_probe';
export const groupDevices = (group: number): string => `sys/kernel/iommu_groups/${group}/devices`;

/** The last part of a link; null where there is no such link. */
export function linkName(tree: MachineTree, path: string): string | null {
  const target = tree.readLink(path);
  return isReadFailure(target) ? null : lastPart(target);
}

/** Of a patient look: something in the kernel holds its lock, for longer than it takes most drivers to bind or to let go. */
export function isLocked(tree: MachineTree, device: string): boolean {
  const override = tree.readBytes(overrideFile(device));
  return isReadFailure(override) && override.reason === 'locked';
}
