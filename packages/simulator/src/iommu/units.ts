/**
 * @module The units of a machine together: as the router asks them, and as one driver that lets groups behind several units
 * share a domain.
 */
import type { Device, Domain, IommuOps } from '@isogroups/core';
import { InvalidError } from '@isogroups/core';
import type { Translation } from '../fabric/translation.ts';
import type { Iommu } from './iommu.ts';

/** @param unitOf the unit that a requester comes to; undefined: none, it reaches memory as it is. */
export function translationOf(unitOf: (requester: number) => Iommu | undefined): Translation {
  return {
    translate(requester, address, write, translated) {
      const unit = unitOf(requester);
      return unit === undefined ? address : unit.translate(requester, address, write ? 'write' : 'read', translated);
    },
  };
}

/**
 * One set of operations for several units, as a driver has them: a domain may then have groups behind any of them. It
 * translates what all of them can, and keeps free what one of them reserves.
 *
 * @param unitOf the unit of a device, undefined when none of these translates it.
 * @throws InvalidError there is no page size that all of them have
 */
export function sharedOps(
  name: string,
  units: readonly Iommu[],
  unitOf: (device: Device) => Iommu | undefined,
): IommuOps {
  const [first, ...others] = units.map((unit) => unit.ops);
  const pageSizes = (first?.pageSizes ?? []).filter((size) => others.every((ops) => ops.pageSizes.includes(size)));
  if (pageSizes.length === 0) {
    throw new InvalidError({
      says: `${name}: no page size is common to ${units.map((unit) => unit.name).join(', ') || 'no units'}`,
      next: 'give each of them operations of its own',
      operands: { units },
    });
  }
  /** A device that was pulled out is behind no unit any more, and still has to be taken out of the one where it was. */
  const attachedAt = new Map<Device, Iommu>();
  const unitFor = (device: Device): Iommu => {
    const unit = unitOf(device);
    if (unit !== undefined && units.includes(unit)) return unit;
    throw new InvalidError({
      says: `${name} has no unit that translates ${device.name}`,
      next: 'leave the device out of the group, or take no domain for it',
      operands: { device },
    });
  };
  return Object.freeze({
    name,
    pageSizes: Object.freeze(pageSizes),
    addressBits: Math.min(...units.map((unit) => unit.ops.addressBits ?? 48)),
    reserved: Object.freeze(units.flatMap((unit) => unit.ops.reserved)),
    attach(domain: Domain, device: Device) {
      const unit = unitFor(device);
      unit.ops.attach(domain, device);
      attachedAt.set(device, unit);
    },
    detach(domain: Domain, device: Device) {
      const unit = attachedAt.get(device) ?? unitFor(device);
      unit.ops.detach(domain, device);
      attachedAt.delete(device);
    },
  });
}
