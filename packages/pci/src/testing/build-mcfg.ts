/**
 * @module Builds MCFG tables, for tests and fuzzing.
 */
import { buildAcpiTable } from './build-acpi-table.ts';
import { concat, u8, u16, u32, u64, zeros } from './bytes.ts';

export const mcfgWindow = (base: bigint, segment: number, firstBus: number, lastBus: number): Uint8Array =>
  concat(u64(base), u16(segment), u8(firstBus), u8(lastBus), u32(0));

export const buildMcfg = (...windows: readonly Uint8Array[]): Uint8Array =>
  buildAcpiTable('MCFG', zeros(8), ...windows);

export function sampleMcfgs(): readonly Uint8Array[] {
  return [buildMcfg(), buildMcfg(mcfgWindow(0xb000_0000n, 0, 0, 0xff), mcfgWindow(0xe000_0000n, 1, 0x40, 0x7f))];
}
