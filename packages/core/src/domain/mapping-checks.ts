/**
 * @module What a range of addresses must be before it comes to the page table. The answers are the kernel's: what is
 * not aligned, or reserved, is EINVAL; what no address can be is ERANGE.
 */
import { InvalidError, type IsolationError, OutOfRangeError } from '../errors.ts';
import type { IommuOps, ReservedRegion } from './iommu-ops.ts';
import { PAGE_SIZES } from './page-table.ts';

/** Numbers from here on are not exact; no address goes beyond. */
const EXACT = 2 ** 53;

export interface AddressRules {
  readonly smallestPage: number;
  /** First IOVA that is too high. */
  readonly limit: number;
  readonly reserved: readonly ReservedRegion[];
}

/** @throws InvalidError for ops that describe no IOMMU that there could be. */
export function addressRules(ops: IommuOps): AddressRules {
  const { pageSizes, addressBits = 48 } = ops;
  if (pageSizes.length === 0 || pageSizes.some((size) => !PAGE_SIZES.includes(size))) {
    throw new InvalidError({
      says: `${ops.name} has pages of ${pageSizes.join(', ') || 'no size'}`,
      next: 'give it one or more of 4096, 2097152 and 1073741824',
      operands: { pageSizes },
    });
  }
  if (!Number.isInteger(addressBits) || addressBits < 12 || addressBits > 64) {
    throw new InvalidError({
      says: `${ops.name} translates ${addressBits} bits`,
      next: 'give it from 12 to 64 bits; 48 is usual',
      operands: { addressBits },
    });
  }
  return {
    smallestPage: Math.min(...pageSizes),
    limit: Math.min(EXACT, 2 ** addressBits),
    reserved: ops.reserved.toSorted((a, b) => a.start - b.start),
  };
}

/** What is wrong with a range of IOVAs as an operand of `map` or `unmap`. */
export function rangeProblem(rules: AddressRules, iova: number, length: number): IsolationError | undefined {
  const { smallestPage, limit } = rules;
  const operands = { iova, length };
  if (!(Number.isInteger(iova) && iova >= 0 && Number.isInteger(length) && length > 0)) {
    return new InvalidError({
      says: `${iova} and ${length} are no address and length in bytes`,
      next: 'give whole numbers, the length above zero',
      operands,
    });
  }
  if (iova + length > limit) {
    return new OutOfRangeError({
      says: `${hex(iova)} and the ${hex(length)} bytes from there go beyond ${hex(limit)}`,
      next: 'stay below what the IOMMU translates and numbers hold exactly',
      operands: { ...operands, limit },
    });
  }
  if (iova % smallestPage === 0 && length % smallestPage === 0) return undefined;
  return new InvalidError({
    says: `${hex(iova)} and ${hex(length)} bytes are not whole pages of ${hex(smallestPage)}`,
    next: 'align both to the smallest page of the IOMMU',
    operands: { ...operands, smallestPage },
  });
}

/** What is wrong with the memory that a mapping would lead to. */
export function targetProblem(rules: AddressRules, address: number, length: number): IsolationError | undefined {
  const operands = { address, length };
  if (Number.isInteger(address) && address >= 0 && address % rules.smallestPage === 0) {
    if (address + length <= EXACT) return undefined;
    return new OutOfRangeError({
      says: `memory from ${hex(address)} goes beyond ${hex(EXACT)}`,
      next: 'map memory that numbers address exactly',
      operands,
    });
  }
  return new InvalidError({
    says: `memory at ${address} is not at the start of a page of ${hex(rules.smallestPage)}`,
    next: 'align it to the smallest page of the IOMMU',
    operands: { ...operands, smallestPage: rules.smallestPage },
  });
}

export function reservedRegionIn(rules: AddressRules, iova: number, length: number): ReservedRegion | undefined {
  for (const region of rules.reserved) {
    if (iova < region.start + region.length && region.start < iova + length) return region;
  }
  return undefined;
}

export function reservedError(region: ReservedRegion, iova: number, length: number): InvalidError {
  return new InvalidError({
    says: `${hex(iova)} and ${hex(length)} bytes touch ${hex(region.start)}-${hex(region.start + region.length - 1)}, reserved (${region.kind})`,
    next: 'map around it',
    operands: { iova, length, region },
  });
}

export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
