/**
 * @module Functions that the rules ask about whatever zone they decide on: chipsets whose remapping is broken, graphics that
 * make Linux leave an IOMMU off, the IOMMUs of AMD, the bridge with Intel's root complex registers. All sit on root busses.
 */
import type { LooseFunction } from '../facts/assemble-machine.ts';
import { isUnknown } from '../facts/fact.ts';

const VENDORS = new Set([0x8086, 0x1022, 0x1002]);
const DISPLAY = 0x03;
const HOST_BRIDGE = 0x0600;
const ISA_BRIDGE = 0x0601;
const IOMMU = 0x0806;

export function bearsOnTheMachine(f: LooseFunction): boolean {
  if (f.parentAddress !== null || f.physicalFunctionAddress !== null) return false;
  if (!isUnknown(f.vendor) && !VENDORS.has(f.vendor)) return false;
  if (isUnknown(f.classCode)) return true;
  const code = f.classCode >> 8;
  return code >> 8 === DISPLAY || code === HOST_BRIDGE || code === ISA_BRIDGE || code === IOMMU;
}
