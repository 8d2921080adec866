/**
 * @module What keeps Linux from using an AMD IOMMU.
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
