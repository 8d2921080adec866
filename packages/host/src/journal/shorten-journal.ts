/**
 * @module Keeps the journal short: what is said of claims that have ended is put aside, so that a machine that has made ten
 * thousand claims reads no more than one that has made ten.
 */
import { appendFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { lastClaimNumber } from './last-claim-number.ts';
import type { Journal } from './parse-journal.ts';
import type { DatedRecord } from './record.ts';
import { syncFile } from './sync-file.ts';

/** Bytes of a journal that is left as it is: some 25 claims of four functions, each given back. */
const SHORT = 256 * 1024;

export interface Parted {
  readonly kept: readonly DatedRecord[];
  /** Of claims that have ended. */
  readonly ended: readonly DatedRecord[];
}

export function partJournal(records: readonly DatedRecord[], at: string): Parted {
  const over = new Set(records.flatMap((r) => (r.kind === 'ended' ? [r.claim] : [])));
  const isOver = (r: DatedRecord): boolean => 'claim' in r && over.has(r.claim);
  const stand = records.filter((r) => 'claim' in r && !isOver(r));
  return {
    kept: [{ kind: 'continued', claims: lastClaimNumber(records), at }, ...stand],
    ended: records.filter(isOver),
  };
}

/** What is done to files, in this order; a test stops after each. */
export interface AsideFiles {
  append(file: string, text: string): void;
  write(file: string, text: string): void;
  sync(file: string): void;
  replace(file: string, by: string): void;
}

const FILES: AsideFiles = {
  append: (file, text) => appendFileSync(file, text, { mode: 0o600 }),
  write: (file, text) => writeFileSync(file, text, { mode: 0o600 }),
  sync: syncFile,
  replace: (file, by) => renameSync(by, file),
};

/**
 * Moves what has ended to the end of `<file>.old`, where the journal is long and that makes it half as long at least. The
 * journal is replaced at once or not at all; a stop in between leaves lines in both files. Where there is no room all stays
 * as it is. Under the lock only.
 */
export function shortenJournal(file: string, journal: Journal, at: string, files: AsideFiles = FILES): void {
  const { torn, unended, damagedLine, records } = journal;
  const size = sizeOf(file);
  if (torn > 0 || unended || damagedLine !== undefined || size <= SHORT) return;
  const { kept, ended } = partJournal(records, at);
  const text = linesOf(kept);
  if (Buffer.byteLength(text) > size / 2) return;
  const [old, next] = [`${file}.old`, `${file}.new`];
  const before = sizeOf(old);
  try {
    // After an empty line: a stop may have left half of one at the end, which the first of these must not stick to.
    files.append(old, `\n${linesOf(ended)}`);
    files.sync(old);
    files.write(next, text);
    files.sync(next);
    files.sync(dirname(file));
    files.replace(file, next);
  } catch {
    // Nobody waits for it: the next command tries again.
    rmSync(next, { force: true });
    if (sizeOf(old) > before) truncateSync(old, before);
  }
}

const linesOf = (records: readonly DatedRecord[]): string => records.map((r) => `${JSON.stringify(r)}\n`).join('');

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
