/**
 * @module Requesters: a PCI segment and a requester id in one number, segment × 65536 + id.
 */
import { formatAddress, type PciAddress, requesterId } from '@isogroups/pci';

export function requesterOf(address: PciAddress): number {
  return address.segment * 0x1_0000 + requesterId(address);
}

/** `0000:01:00.0`, as the function with that id would be written. */
export function formatRequester(requester: number): string {
  return formatAddress({
    segment: Math.floor(requester / 0x1_0000),
    bus: (requester >> 8) & 0xff,
    devfn: requester & 0xff,
  });
}
