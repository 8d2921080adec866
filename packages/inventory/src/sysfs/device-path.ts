/**
 * @module What the place of a device in /sys/devices tells: what is above it.
 */
import { parseAddress } from '@isogroups/pci';

export interface DevicePlace {
  /** The nearest PCI function above on the same hierarchy: a bridge, or for a non-PCI device its PCI parent. */
  readonly parentAddress: string | null;
  /** For a function in a domain of Intel VMD: the endpoint that all requests of the domain appear to come from. */
  readonly dmaDeviceAddress: string | null;
}

/** `pci0000:00`: the directory of a root bus. */
const ROOT_BUS = /^pci([0-9a-f]{4,8}):[0-9a-f]{2}$/;

/** Segments up to 0xffff are the hardware's; Linux numbers the domains behind VMD from 0x10000. */
const FIRST_VMD_SEGMENT = 0x10000;

/**
 * Reads `sys/devices/pci0000:00/0000:00:1c.0/0000:01:00.0`. A domain behind VMD hangs below the VMD endpoint:
 * `…/0000:00:0e.0/pci10000:e0/10000:e0:06.0`; there the parent is within the domain and the endpoint lends its requester
 * id. A virtual function's directory is beside its physical function's, so both have one parent.
 */
export function placeOf(path: string): DevicePlace {
  const parts = path.split('/');
  // From the device upwards, itself not included.
  for (let i = parts.length - 2; i >= 0; i--) {
    const part = parts[i] as string;
    const root = ROOT_BUS.exec(part);
    if (root !== null) return { parentAddress: null, dmaDeviceAddress: vmdAbove(parts, i) };
    if (isAddress(part))
      return {
        parentAddress: part,
        dmaDeviceAddress: vmdAbove(
          parts,
          parts.findLastIndex((p) => ROOT_BUS.test(p)),
        ),
      };
  }
  return { parentAddress: null, dmaDeviceAddress: null };
}

function vmdAbove(parts: readonly string[], rootBus: number): string | null {
  const above = parts[rootBus - 1];
  const segment = ROOT_BUS.exec(parts[rootBus] ?? '')?.[1];
  if (above === undefined || segment === undefined || Number.parseInt(segment, 16) < FIRST_VMD_SEGMENT) return null;
  return isAddress(above) ? above : null;
}

/** Whether the text is a full address as sysfs writes it, with its segment. */
export function isAddress(text: string): boolean {
  return /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(text) && parseAddress(text) !== undefined;
}

/** Joins a relative link's text to the directory that the link is in; `undefined` when it climbs out of the root. */
export function joinLink(directory: string, target: string): string | undefined {
  const parts = target.startsWith('/') ? [] : directory.split('/');
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
