/**
 * @module The header that ACPI tables share (ACPI 6.5, 5.2.6), and the checks that go with it.
 */
import { viewOf } from '../bytes/data-view.ts';
import type { DiagnosticLog } from '../bytes/diagnostic-log.ts';
import { hex, textAt } from '../bytes/text.ts';

export interface AcpiTable {
  /** The table's bytes: up to the length that it states, or to the end of the file where that comes first. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Whether the file holds all of it. */
  readonly complete: boolean;
  /** Whether all bytes add up to 0 modulo 256; true of an incomplete table, which cannot be judged. */
  readonly checksumGood: boolean;
}

/**
 * @param fixedSize bytes up to the first structure of this kind of table, header included.
 * @returns undefined where nothing of the table can be used; the log says why.
 */
export function openTable(
  bytes: Uint8Array,
  signature: string,
  fixedSize: number,
  log: DiagnosticLog,
): AcpiTable | undefined {
  if (bytes.length < fixedSize) {
    log.error(`${bytes.length} bytes are too few for a ${signature} table, which starts with ${fixedSize}`);
    return undefined;
  }
  const found = textAt(bytes, 0, 4);
  if (found !== signature) {
    log.error(`the signature is "${found}", not "${signature}"`, 0);
    return undefined;
  }
  const stated = viewOf(bytes).getUint32(4, true);
  if (stated < fixedSize) {
    log.error(`the table states a length of ${stated}; its fixed part alone has ${fixedSize}`, 4);
    return undefined;
  }
  const complete = stated <= bytes.length;
  if (!complete) {
    log.error(`the file ends at byte ${bytes.length}, the table has ${stated}; what is missing is not used`, 4);
  } else if (stated < bytes.length) {
    log.warning(`${bytes.length - stated} bytes follow the end of the table; they are not used`, stated);
  }
  const table = bytes.subarray(0, stated);
  const sum = table.reduce((total, b) => (total + b) & 0xff, 0);
  const checksumGood = !complete || sum === 0;
  if (!checksumGood) log.warning(`wrong checksum: the bytes add up to ${hex(sum)}, not to 0`, 9);
  return { bytes: table, view: viewOf(table), complete, checksumGood };
}
