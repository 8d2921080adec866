/**
 * @module What is where in the address space of a machine that is built from a description.
 */
import type { AddressRange } from '../devices/address-ranges.ts';

const G = 2 ** 30;

/** RAM, below and above the hole for devices. */
export const RAM: readonly AddressRange[] = Object.freeze([
  Object.freeze({ base: 0, size: 2 * G }),
  Object.freeze({ base: 4 * G, size: 2 * G }),
]);

/** Memory that the firmware shares with devices is at the end of low RAM, a piece for each of them. */
export const SHARED_END: number = 2 * G;
export const SHARED_SIZE: number = 64 * 1024;

/** For address ranges and windows. */
export const NARROW_WINDOW: AddressRange = Object.freeze({ base: 0xc000_0000, size: 0x3e00_0000 });
export const WIDE_WINDOW: AddressRange = Object.freeze({ base: 256 * G, size: 2 ** 46 - 256 * G });

/** Registers of IOMMU units. */
export const VTD_REGISTERS = 0xfed9_0000;
export const VTD_REGISTERS_SIZE = 0x1000;
export const AMD_REGISTERS = 0xfe00_0000;
export const AMD_REGISTERS_SIZE = 0x8_0000;

/** Configuration space in memory (ECAM) of the `index`th segment. */
export function ecamBase(index: number): number {
  return index === 0 ? 0xb000_0000 : 64 * G + (index - 1) * 0x1000_0000;
}
