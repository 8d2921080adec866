/**
 * @module IDT switches whose Source Validation cannot be used.
 */
import type { PciFunction } from '../facts/pci-function.ts';
import type { KernelRules } from '../kernel/series.ts';

/** Vendor and devices; drivers/pci/quirks.c:pci_disable_broken_acs_cap. */
const BROKEN_SOURCE_VALIDATION: Readonly<{ vendor: number; devices: readonly number[]; source: string }> =
  Object.freeze({
    vendor: 0x111d,
    devices: Object.freeze([0x80b5, 0x8090]),
    source: 'drivers/pci/quirks.c:pci_disable_broken_acs_cap',
  });

/**
 * Since 7.0 Linux takes SV out of the capability word of these: it is neither switched on nor asked for. Earlier
 * kernels toggle it around configuration accesses, with no effect on grouping.
 */
export function hasBrokenSourceValidation(f: PciFunction, rules: KernelRules): boolean {
  return (
    f.vendor === BROKEN_SOURCE_VALIDATION.vendor &&
    rules.idtSourceValidationRemoved &&
    typeof f.device === 'number' &&
    BROKEN_SOURCE_VALIDATION.devices.includes(f.device)
  );
}
