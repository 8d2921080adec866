/**
 * @module Builds ACPI tables.
 */
import { ascii, concat, patched, u8, u32 } from './bytes.ts';

/** The common header before `body`, with length and checksum right. */
export function buildAcpiTable(signature: string, ...body: readonly Uint8Array[]): Uint8Array {
  const rest = concat(...body);
  const table = concat(
    ascii(signature, 4),
    u32(36 + rest.length),
    u8(1),
    u8(0),
    ascii('OEM', 6),
    ascii('TABLE', 8),
    u32(1),
    ascii('TEST', 4),
    u32(1),
    rest,
  );
  return withChecksum(table);
}

/** A copy whose bytes add up to 0. */
export function withChecksum(table: Uint8Array): Uint8Array {
  const sum = table.reduce((total, b) => (total + b) & 0xff, 0) - (table[9] ?? 0);
  return table.length > 9 ? patched(table, 9, u8(-sum & 0xff)) : table;
}
