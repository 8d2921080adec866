/**
 * @module What each kind of IOMMU translates and what it keeps for itself.
 */
import type { ReservedRegion } from '@isogroups/core';
import type { IommuUnit } from '@isogroups/pci';

export type IommuKind = IommuUnit['kind'];

export interface IommuKindFacts {
  readonly pageSizes: readonly number[];
  readonly addressBits: number;
  readonly reserved: readonly ReservedRegion[];
  /** How many faults it records before somebody has to read them. */
  readonly faultRegisters: number;
}

const region = (start: number, length: number, kind: ReservedRegion['kind']): ReservedRegion =>
  Object.freeze({ start, length, kind });

/** Writes to it are interrupts, on x86. */
const X86_INTERRUPTS = region(0xfee0_0000, 0x10_0000, 'msi');
/** HyperTransport's own addresses. */
const HYPERTRANSPORT = region(0xfd_0000_0000, 0x3_0000_0000, 'reserved');
/** Where Linux maps the doorbell of the interrupt controller on ARM. */
const ARM_INTERRUPTS = region(0x0800_0000, 0x10_0000, 'msi');

const facts = (faultRegisters: number, ...reserved: readonly ReservedRegion[]): IommuKindFacts =>
  Object.freeze({
    pageSizes: Object.freeze([4096, 2 ** 21, 2 ** 30]),
    addressBits: 48,
    reserved: Object.freeze(reserved),
    faultRegisters,
  });

export const IOMMU_KINDS: Readonly<Record<IommuKind, IommuKindFacts>> = Object.freeze({
  'vt-d': facts(8, X86_INTERRUPTS),
  'amd-vi': facts(512, X86_INTERRUPTS, HYPERTRANSPORT),
  smmu: facts(256, ARM_INTERRUPTS),
  'virtio-iommu': facts(256, ARM_INTERRUPTS),
  unknown: facts(8, X86_INTERRUPTS, ARM_INTERRUPTS),
});
