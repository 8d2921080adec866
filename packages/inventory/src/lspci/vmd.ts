/**
 * @module Intel Volume Management Device: an endpoint whose children are in a PCI domain of their own, made up by Linux.
 */
import { type Fact, isUnknown } from '@isogroups/pci';

/** Segments up to 0xffff are the hardware's; Linux numbers the domains behind VMD from 0x10000. */
export const FIRST_VMD_SEGMENT = 0x10000;

/** Device ids of Intel's (0x8086) VMD endpoints, those of Linux 7.1's vmd driver. */
const VMD_DEVICES: ReadonlySet<number> = new Set([
  0x201d, 0x28c0, 0x467f, 0x4c3d, 0x7d0b, 0x9a0b, 0xa77f, 0xad0b, 0xb06f, 0xb60b,
]);

/** By ids where they are known, else by name (white space left out). */
export function isVmdEndpoint(vendor: Fact<number>, device: Fact<number>, squeezedName: string): boolean {
  if (isUnknown(vendor) || isUnknown(device)) return /VolumeManagementDevice/i.test(squeezedName);
  return vendor === 0x8086 && VMD_DEVICES.has(device);
}
