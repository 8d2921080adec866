/**
 * @module Keeps the journal short: what has ended is put aside, so that a machine that has made ten thousand claims reads no more
 * than one that has made ten.
 */
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { claimsOf, isStanding, lastClaimNumber } from '../claims/claim-state.ts';
import type { Journal } from './parse-journal.ts';
import type { DatedRecord } from './record.ts';

/** Bytes of a journal that is left as it is: some 25 claims of four functions, each given back. */
const SHORT = 256 * 1024;

/**
 * What a journal goes on with: all that was said of the claims that stand, and how many there were, because numbers are not
 * given twice.
 */
export function carriedOver(records: readonly DatedRecord[], at: string): readonly DatedRecord[] {
  const standing = new Set(claimsOf(records).flatMap((c) => (isStanding(c) ? [c.id] : [])));
  const kept = records.filter((r) => 'claim' in r && standing.has(r.claim));
  return [{ kind: 'continued', claims: lastClaimNumber(records), at }, ...kept];
}

/**
 * Moves what has ended to the end of `<file>.old`, if the journal is long and that makes it half as long at least. The journal is
 * replaced at once or not at all; stopped in between, some lines are in both files.
 *
 * @returns what is in the journal now. Under the lock only.
 * @throws the error of the file system; the journal is as it was.
 */
export function putEndedAside(file: string, journal: Journal, at: string): Journal {
  const { torn, unended, damagedLine, records } = journal;
  if (torn > 0 || unended || damagedLine !== undefined || sizeOf(file) <= SHORT) return journal;
  const kept = carriedOver(records, at);
  const text = kept.map((record) => `${JSON.stringify(record)}\n`).join('');
  if (text.length > sizeOf(file) / 2) return journal;
  const options = { mode: 0o600 };
  appendFileSync(`${file}.old`, readFileSync(file), options);
  writeFileSync(`${file}.new`, text, options);
  for (const written of [`${file}.old`, `${file}.new`]) sync(written);
  renameSync(`${file}.new`, file);
  return { ...journal, records: kept };
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function sync(file: string): void {
  const fd = openSync(file, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
