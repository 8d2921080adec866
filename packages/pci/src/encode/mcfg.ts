/**
 * @module Builds MCFG tables.
 */
import { buildAcpiTable } from './acpi-table.ts';
import { concat, u8, u16, u32, u64, zeros } from './bytes.ts';

export const mcfgWindow = (base: bigint, segment: number, firstBus: number, lastBus: number): Uint8Array =>
  concat(u64(base), u16(segment), u8(firstBus), u8(lastBus), u32(0));

export const buildMcfg = (...windows: readonly Uint8Array[]): Uint8Array =>
  buildAcpiTable('MCFG', zeros(8), ...windows);
