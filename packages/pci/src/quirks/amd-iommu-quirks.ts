/**
 * @module What keeps Linux from using an AMD IOMMU, and where it corrects the firmware's table.
 */
import type { Machine } from '../facts/machine.ts';

const ATI = 0x1002;
const STONEY_GRAPHICS = 0x98e4;

/**
 * Whether the machine is a Stoney Ridge: its graphics (1002:98e4) is function 0 of some slot of bus 0. Linux leaves the
 * IOMMU off then, unless `amd_iommu=force_enable` is given (drivers/iommu/amd/init.c:detect_ivrs).
 */
export function isStoneyRidge(machine: Machine): boolean {
  return machine.functions.some(
    (f) => f.segment === 0 && f.bus === 0 && (f.devfn & 7) === 0 && f.vendor === ATI && f.device === STONEY_GRAPHICS,
  );
}

/** Laptops whose IVRS names the wrong function for an IOAPIC, by DMI names. Bears on interrupt remapping only. */
export interface IvrsIoapicFix {
  readonly machine: string;
  readonly ioapic: number;
  /** Requester id. */
  readonly deviceId: number;
}

/** drivers/iommu/amd/quirks.c:ivrs_quirks */
export const IVRS_IOAPIC_FIXES: readonly IvrsIoapicFix[] = Object.freeze([
  { machine: 'Dell Inspiron 7375', ioapic: 4, deviceId: 0x00a0 },
  { machine: 'Dell Inspiron 7375', ioapic: 5, deviceId: 0x0002 },
  { machine: 'Dell Latitude 5495', ioapic: 4, deviceId: 0x00a0 },
  { machine: 'Acer Aspire A315-41', ioapic: 4, deviceId: 0x00a0 },
  { machine: 'Lenovo ideapad 330S-15ARR (81FB)', ioapic: 32, deviceId: 0x00a0 },
]);
