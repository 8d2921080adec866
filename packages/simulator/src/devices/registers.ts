/**
 * @module Little-endian registers in a configuration space, and where those of the header are (PCI 3.0, 6.1; bridges 1.2, 3.2).
 */

export const COMMAND = 0x04;
export const COMMAND_MEMORY = 0x02;
export const COMMAND_BUS_MASTER = 0x04;
const HEADER_TYPE = 0x0e;
export const FIRST_BAR = 0x10;
export const SECONDARY_BUS = 0x19;
export const SUBORDINATE_BUS = 0x1a;
export const MEMORY_BASE = 0x20;
export const MEMORY_LIMIT = 0x22;
export const PREFETCHABLE_BASE = 0x24;
export const PREFETCHABLE_LIMIT = 0x26;
export const PREFETCHABLE_BASE_HIGH = 0x28;
export const PREFETCHABLE_LIMIT_HIGH = 0x2c;

/** In the SR-IOV capability (PCIe 6.0, 9.3.3.14). */
export const VF_FIRST_BAR = 0x24;

export const BAR_IO = 0x1;
export const BAR_64 = 0x4;
export const BAR_PREFETCHABLE = 0x8;

/** What is beyond the end reads as ones, as from a function that does not answer. */
export function readWord(config: Uint8Array, at: number): number {
  return (config[at] ?? 0xff) | ((config[at + 1] ?? 0xff) << 8);
}

export function readDword(config: Uint8Array, at: number): number {
  return (readWord(config, at) | (readWord(config, at + 2) << 16)) >>> 0;
}

export function writeWord(config: Uint8Array, at: number, value: number): void {
  config[at] = value & 0xff;
  config[at + 1] = (value >> 8) & 0xff;
}

export function writeDword(config: Uint8Array, at: number, value: number): void {
  writeWord(config, at, value & 0xffff);
  writeWord(config, at + 2, value >>> 16);
}

export const HIGH: number = 2 ** 32;

export function isBridge(config: Uint8Array): boolean {
  return ((config[HEADER_TYPE] ?? 0xff) & 0x7f) === 1;
}
