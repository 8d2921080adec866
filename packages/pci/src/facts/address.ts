/**
 * @module PCI addresses (`0000:01:00.0`) and requester ids.
 */

export interface PciAddress {
  /** PCI segment, which Linux calls domain: 0..0xffff, or larger for the domains behind an Intel VMD. */
  readonly segment: number;
  readonly bus: number;
  /** Device number in bits 7:3, function number in bits 2:0; with ARI all eight bits are the function. */
  readonly devfn: number;
}

const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0');

/** `0000:01:00.0`, as sysfs names the directory. */
export function formatAddress(a: PciAddress): string {
  return `${hex(a.segment, 4)}:${hex(a.bus, 2)}:${hex(a.devfn >> 3, 2)}.${a.devfn & 7}`;
}

/** The id that a request carries on the bus: bus in bits 15:8, device and function below. */
export function requesterId(a: Pick<PciAddress, 'bus' | 'devfn'>): number {
  return (a.bus << 8) | a.devfn;
}

/** `01:00.0`: a requester id as people write it. */
export function formatRequesterId(id: number): string {
  return `${hex((id >> 8) & 0xff, 2)}:${hex((id >> 3) & 0x1f, 2)}.${id & 7}`;
}

const ADDRESS = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])$/i;

/** Reads `01:00.0` (segment 0), `0000:01:00.0` or `10000:e1:00.0`; `undefined` for anything else. */
export function parseAddress(text: string): PciAddress | undefined {
  const m = ADDRESS.exec(text);
  if (m === null) return undefined;
  const device = Number.parseInt(m[3] as string, 16);
  if (device > 31) return undefined;
  return {
    segment: Number.parseInt(m[1] ?? '0', 16),
    bus: Number.parseInt(m[2] as string, 16),
    devfn: (device << 3) | Number.parseInt(m[4] as string, 8),
  };
}
