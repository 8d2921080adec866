/**
 * @module Thunderbolt root ports of processors whose firmware does not name them as USB4 host interfaces.
 */
import type { PciFunction } from '../facts/pci-function.ts';

const INTEL = 0x8086;

/** `arch/x86/pci/acpi.c:pcie_has_usb4_host_interface`. */
export const USB4_ROOT_PORTS: readonly { readonly what: string; readonly devices: readonly number[] }[] = Object.freeze(
  [
    { what: 'Ice Lake Thunderbolt 3', devices: Object.freeze([0x8a1d, 0x8a1f, 0x8a21, 0x8a23]) },
    { what: 'Tiger Lake-LP Thunderbolt 4', devices: Object.freeze([0x9a23, 0x9a25, 0x9a27, 0x9a29]) },
    { what: 'Tiger Lake-H Thunderbolt 4', devices: Object.freeze([0x9a2b, 0x9a2d, 0x9a2f, 0x9a31]) },
  ],
);

/** Whether what is directly below counts as tunneled, and so as untrusted if the port is external-facing. */
export function isUsb4RootPort(f: PciFunction): boolean {
  const { device } = f;
  return f.vendor === INTEL && typeof device === 'number' && USB4_ROOT_PORTS.some((p) => p.devices.includes(device));
}
