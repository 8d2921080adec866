/**
 * @module Where the journal is kept: the port, and the file of a running machine.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Journal, parseJournal } from './parse-journal.ts';
import type { DatedRecord, JournalRecord } from './record.ts';
import { shortenJournal } from './shorten-journal.ts';
import { syncFile } from './sync-file.ts';

export type LockOutcome =
  | { readonly kind: 'locked' }
  /** Somebody else acts now. `holder` is what they wrote: "pid 812: isogroups claim 01:00.0". */
  | { readonly kind: 'busy'; readonly holder: string }
  | { readonly kind: 'failed'; readonly says: string };

export type AppendOutcome = { readonly kind: 'ok' } | { readonly kind: 'failed'; readonly says: string };

export interface JournalStore {
  /** What the user named, for messages. */
  readonly label: string;
  /** Exclusive among all processes of the machine until `unlock`, or until this process is gone, however it goes. */
  lock(): LockOutcome;
  unlock(): void;
  /** @throws JournalUnreadable */
  read(): Journal;
  /** All that was ever written, of claims that ended long ago too; grows without end. @throws JournalUnreadable */
  history(): readonly DatedRecord[];
  /** Only under the lock. With `sync` the record is on disk when this returns; without, the next one that is takes it along. */
  append(record: JournalRecord, sync: boolean): AppendOutcome;
}

/** The journal is there and cannot be read: what is under way is not known, so nothing may be done. */
export class JournalUnreadable extends Error {
  override readonly name = 'JournalUnreadable';
}

/**
 * The lock is `flock(2)` on an open file: the kernel lets it go when the process ends, so no dead holder is ever
 * mistaken for a living one, nor across pid namespaces. Node cannot call it; `flock` of util-linux does, on the descriptor
 * that it inherits from here, and the lock stays with the open file when that program ends.
 *
 * @param directory `/var/lib/isogroups`; made where it is not there, for its owner alone (serial numbers are in it).
 */
export function createJournalFile(directory: string): JournalStore {
  const journalFile = join(directory, 'journal');
  const lockFile = join(directory, 'lock');
  let lockFd: number | undefined;
  let fd: number | undefined;
  /** What is there, as long as the lock is held: nobody else writes. Undefined: not read yet, or it may end with a cut line. */
  let known: Journal | undefined;

  const write = (record: JournalRecord): void => {
    const dated: DatedRecord = { ...record, at: new Date().toISOString() };
    const bytes = Buffer.from(`${JSON.stringify(dated)}\n`);
    const before = known;
    // A short write (a full disk) leaves a cut line, which the next append mends.
    known = undefined;
    let written = 0;
    while (written < bytes.length) written += writeSync(fd as number, bytes, written);
    if (before !== undefined) known = { ...before, records: [...before.records, dated] };
  };
  const read = (file = journalFile): Journal => {
    try {
      return parseJournal(readFileSync(file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return parseJournal(new Uint8Array());
      throw new JournalUnreadable(messageOf(error));
    }
  };

  return {
    label: journalFile,
    lock() {
      if (lockFd !== undefined) return { kind: 'busy', holder: holderOf(lockFile) };
      let opened: number;
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        opened = openSync(lockFile, constants.O_RDWR | constants.O_CREAT, 0o600);
      } catch (error) {
        return { kind: 'failed', says: messageOf(error) };
      }
      const flock = spawnSync('flock', ['--nonblock', '3'], { stdio: ['ignore', 'ignore', 'ignore', opened] });
      if (flock.status === 0) {
        lockFd = opened;
        sayHolder(opened);
        return { kind: 'locked' };
      }
      closeSync(opened);
      if (flock.error === undefined && flock.status === 1) return { kind: 'busy', holder: holderOf(lockFile) };
      const why = flock.error === undefined ? `status ${flock.status}` : messageOf(flock.error);
      return { kind: 'failed', says: `flock (of util-linux) cannot be used: ${why}` };
    },
    unlock() {
      if (fd !== undefined && known !== undefined) shortenJournal(journalFile, known, new Date().toISOString());
      for (const open of [fd, lockFd]) if (open !== undefined) closeSync(open);
      fd = undefined;
      lockFd = undefined;
      known = undefined;
    },
    read() {
      if (lockFd === undefined) return read();
      known ??= read();
      return known;
    },
    history: () => [...read(`${journalFile}.old`).records, ...read().records],
    append(record, sync) {
      if (lockFd === undefined) throw new Error('the journal is written under its lock only');
      try {
        known ??= read();
        if (fd === undefined) {
          fd = openSync(journalFile, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600);
          syncFile(directory);
        }
        const { torn, unended } = known;
        if (unended || torn > 0) known = undefined;
        if (unended) writeSync(fd, '\n');
        if (torn > 0) write({ kind: 'mended', bytes: torn });
        write(record);
        if (sync) fdatasyncSync(fd);
        return { kind: 'ok' };
      } catch (error) {
        return { kind: 'failed', says: messageOf(error) };
      }
    },
  };
}

/** For messages to others only: on a full disk the lock is held without. */
function sayHolder(fd: number): void {
  try {
    ftruncateSync(fd);
    writeSync(fd, `pid ${process.pid}: ${process.argv.slice(2).join(' ')}\n`, 0);
  } catch {
    // Whoever is refused is told that it is not known.
  }
}

function holderOf(lockFile: string): string {
  try {
    return readFileSync(lockFile, 'utf8').trim() || 'it is not known which';
  } catch {
    return 'it is not known which';
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
