/**
 * @module What configuration space tells of a function: its hardware, without its place and its host.
 */

import type { PciAddress } from '../facts/address.ts';
import type { Unknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';

export type ConfigFacts = Omit<
  PciFunction,
  keyof PciAddress | 'parent' | 'physicalFunction' | 'dmaDevice' | 'config' | 'host'
>;

/** The facts of a function whose configuration space tells nothing. */
export function unknownConfigFacts(why: Unknown): ConfigFacts {
  return Object.freeze({
    vendor: why,
    device: why,
    subsystemVendor: why,
    subsystemDevice: why,
    revision: why,
    classCode: why,
    headerType: why,
    multifunctionBit: why,
    bridge: why,
    express: why,
    acs: why,
    ats: why,
    pasid: why,
    pri: why,
    sriov: why,
    msi: why,
    msix: why,
    advancedFeatures: why,
    powerManagement: why,
    serialNumber: why,
  });
}
