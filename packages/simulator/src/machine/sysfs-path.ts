/**
 * @module Where a Linux on the machine shows a function: `sys/devices/pci0000:00/0000:00:1c.0/0000:01:00.0`.
 */
import type { LiveFunction } from './live-device.ts';

export function sysfsPath(f: LiveFunction): string {
  const { segment } = f.address;
  if (f.parent !== undefined) return `${sysfsPath(f.parent)}/${f.name}`;
  const above = f.dmaFunction === undefined ? 'sys/devices' : sysfsPath(f.dmaFunction);
  // A virtual function beyond the last number of its bus still hangs on the bus of its physical function.
  const { bus } = f.physicalFunction?.address ?? f.address;
  return `${above}/pci${hex(segment, 4)}:${hex(bus, 2)}/${f.name}`;
}

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
