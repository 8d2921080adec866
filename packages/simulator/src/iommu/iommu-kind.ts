/**
 * @module What the two kinds of IOMMU translate and what they keep for themselves.
 */
import type { ReservedRegion } from '@isogroups/core';

export type IommuKind = 'vt-d' | 'amd-vi';

export interface IommuKindFacts {
  readonly pageSizes: readonly number[];
  readonly addressBits: number;
  readonly reserved: readonly ReservedRegion[];
  /** How many faults it records before somebody has to read them. */
  readonly faultRegisters: number;
}

/** Writes to it are interrupts, on either. */
const INTERRUPTS: ReservedRegion = Object.freeze({ start: 0xfee0_0000, length: 0x10_0000, kind: 'msi' });
/** HyperTransport's own addresses. */
const HYPERTRANSPORT: ReservedRegion = Object.freeze({
  start: 0xfd_0000_0000,
  length: 0x3_0000_0000,
  kind: 'reserved',
});
const SIZES: readonly number[] = Object.freeze([4096, 2 ** 21, 2 ** 30]);

export const IOMMU_KINDS: Readonly<Record<IommuKind, IommuKindFacts>> = Object.freeze({
  'vt-d': Object.freeze({
    pageSizes: SIZES,
    addressBits: 48,
    reserved: Object.freeze([INTERRUPTS]),
    faultRegisters: 8,
  }),
  'amd-vi': Object.freeze({
    pageSizes: SIZES,
    addressBits: 48,
    reserved: Object.freeze([INTERRUPTS, HYPERTRANSPORT]),
    faultRegisters: 512,
  }),
});
