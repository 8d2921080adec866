/**
 * @module The hex dump that `-x`, `-xxx` and `-xxxx` add (64, 256, 4096 bytes), as bytes.
 */
import type { HexRow } from './device-block.ts';

export interface HexBytes {
  /** From offset 0 up to the first gap. */
  readonly bytes: Uint8Array;
  /** Line of the first row that does not follow the one before. */
  readonly gapAt: number | undefined;
}

const EXTENDED_SIZE = 4096;

export function hexBytes(rows: readonly HexRow[]): HexBytes {
  const bytes: number[] = [];
  for (const row of rows) {
    if (row.offset !== bytes.length) return { bytes: Uint8Array.from(bytes), gapAt: row.line };
    if (bytes.length >= EXTENDED_SIZE) break;
    bytes.push(...row.bytes);
  }
  return { bytes: Uint8Array.from(bytes), gapAt: undefined };
}
