/**
 * @module Reads a journal, whole or cut anywhere in its last record.
 */
import type { DatedRecord } from './record.ts';

export interface Journal {
  readonly records: readonly DatedRecord[];
  /** Bytes at the end that are no record: one was being written when the machine stopped. It had no effect. */
  readonly torn: number;
  /** The last record is whole but for its line end. */
  readonly unended: boolean;
  /** A line in the middle that is no record, counted from 1: nobody can tell what it said, so nothing may be done. */
  readonly damagedLine: number | undefined;
}

/**
 * Nothing is done on account of a record before it is on disk with its line end, so what is cut at the end may be left
 * out. Whoever writes next ends the cut line and says so with `mended`, which may be cut as well.
 */
export function parseJournal(bytes: Uint8Array): Journal {
  const lines = new TextDecoder().decode(bytes).split('\n');
  const records: DatedRecord[] = [];
  let damagedLine: number | undefined;
  /** Counted from 0. */
  let firstUnreadable: number | undefined;
  lines.forEach((line, i) => {
    if (line === '') return;
    const record = recordOf(line);
    if (record === undefined) {
      firstUnreadable ??= i;
      return;
    }
    if (firstUnreadable !== undefined && record.kind !== 'mended') damagedLine ??= firstUnreadable + 1;
    firstUnreadable = undefined;
    records.push(record);
  });
  return {
    records,
    torn: firstUnreadable === undefined ? 0 : bytes.length - beginOfLine(bytes, firstUnreadable),
    unended: bytes.length > 0 && bytes[bytes.length - 1] !== 0x0a,
    damagedLine,
  };
}

/** In bytes: what is cut may be cut within a character. */
function beginOfLine(bytes: Uint8Array, line: number): number {
  let begin = 0;
  for (let i = 0; i < line; i++) begin = bytes.indexOf(0x0a, begin) + 1;
  return begin;
}

function recordOf(line: string): DatedRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The journal is written by this program alone; its shape is checked as far as telling a cut line from a whole one. */
function isRecord(value: unknown): value is DatedRecord {
  const { kind, at } = (value ?? {}) as Partial<DatedRecord>;
  return typeof kind === 'string' && typeof at === 'string';
}
