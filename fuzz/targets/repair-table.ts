/**
 * @module Gives mutated ACPI tables a length and a checksum that are right, most of the time.
 */
import type { Random } from '../random.ts';

export function repairTable(bytes: Uint8Array, random: Random): void {
  if (bytes.length < 36) return;
  if (!random.oneIn(4)) new DataView(bytes.buffer, bytes.byteOffset).setUint32(4, bytes.length, true);
  bytes[9] = 0;
  bytes[9] = -bytes.reduce((sum, b) => sum + b, 0) & 0xff;
}

/** Whether all bytes add up to 0, as the naive reader sees it. */
export function addsUp(bytes: Uint8Array): boolean {
  return bytes.reduce((sum, b) => sum + b, 0) % 256 === 0;
}

/** The table's own idea of its length. */
export function statedLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
}
