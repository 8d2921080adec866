/**
 * @module Whether Linux could switch off peer decoding in an Intel chipset (pci_quirk_enable_intel_pch_acs).
 *
 * The root ports of the 5 to 9 series, X79 and X99 have no ACS capability. Linux clears the peer decode bits in the
 * chipset's register block instead, which RCBA of the LPC bridge points to, and which configuration space does not show.
 */
import { type Fact, isUnknown } from '../facts/fact.ts';

/** RCBA, root complex base address: register of device 31, function 0; bit 0 enables the block. */
export const RCBA_REGISTER = 0xf0;
const RCBA_ENABLE = 1;

/**
 * The outcome for the machine. Linux tries only if an IOMMU driver had asked for ACS when the ports were set up, and
 * gives up only if RCBA is disabled; success is assumed where RCBA could not be read.
 *
 * @param lpcConfigDword Dword 0xf0 of device 31, function 0 on the ports' bus. No such device reads as all ones, which
 * Linux takes as enabled: pass 0xffffffff or unknown for it.
 * @param acsRequested With a device tree and kernels that set ACS up during enumeration the request comes too late:
 * false.
 */
export function pchIsolation(lpcConfigDword: Fact<number>, acsRequested: Fact<boolean>): Fact<boolean> {
  if (acsRequested === false) return false;
  if (!isUnknown(lpcConfigDword) && (lpcConfigDword & RCBA_ENABLE) === 0) return false;
  return acsRequested;
}
