/**
 * @module Bytes of an MCFG table (PCI Firmware 3.3, 4.1.2) to facts.
 */
import { type DiagnosticLog, diagnosticLog } from '../bytes/diagnostic-log.ts';
import type { DecodedTable } from './decoded-table.ts';
import type { McfgTable } from './mcfg.ts';
import { openTable } from './table-header.ts';

const FIXED_SIZE = 44;
const WINDOW_SIZE = 16;

/** Never throws. A window that ends before its first bus is left out. */
export function decodeMcfg(bytes: Uint8Array, file: string): DecodedTable<McfgTable> {
  const log = diagnosticLog(file);
  return { table: decode(bytes, log), diagnostics: log.list() };
}

function decode(bytes: Uint8Array, log: DiagnosticLog): McfgTable | undefined {
  const table = openTable(bytes, 'MCFG', FIXED_SIZE, log);
  if (table === undefined) return undefined;
  const { view } = table;
  const windows: McfgTable['windows'][number][] = [];
  let at = FIXED_SIZE;
  for (; at + WINDOW_SIZE <= view.byteLength; at += WINDOW_SIZE) {
    const firstBus = view.getUint8(at + 10);
    const lastBus = view.getUint8(at + 11);
    if (lastBus < firstBus) {
      log.error(`window from bus ${firstBus} to ${lastBus} is left out`, at);
      continue;
    }
    const base = view.getBigUint64(at, true);
    windows.push(Object.freeze({ base, segment: view.getUint16(at + 8, true), firstBus, lastBus }));
  }
  if (at < view.byteLength) log.warning(`${view.byteLength - at} bytes at the end are no whole window`, at);
  return Object.freeze({ kind: 'mcfg', windows: Object.freeze(windows) });
}
