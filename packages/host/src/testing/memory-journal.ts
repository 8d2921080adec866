/**
 * @module A journal in memory that can lose what was not on disk, and be cut at any byte.
 */
import type { JournalStore, LockOutcome } from '../journal/journal-store.ts';
import { parseJournal } from '../journal/parse-journal.ts';

export interface MemoryJournal extends JournalStore {
  text: string;
  /** Length of what is on disk for certain. */
  readonly synced: number;
  /** Whatever was locked is free: its holder is dead. */
  breakLock(): void;
  /** Appends that fail from now on, as on a full disk. */
  full: boolean;
}

/** @param text What is on disk at the beginning. */
export function createMemoryJournal(text = ''): MemoryJournal {
  let locked = false;
  let synced = text.length;
  const journal: MemoryJournal = {
    label: 'journal in memory',
    text,
    full: false,
    get synced() {
      return synced;
    },
    lock(): LockOutcome {
      if (locked) return { kind: 'busy', holder: 'pid 1: another' };
      locked = true;
      return { kind: 'locked' };
    },
    unlock() {
      locked = false;
    },
    breakLock() {
      locked = false;
    },
    history: () => journal.read().records,
    read: () => parseJournal(new TextEncoder().encode(journal.text)),
    append(record, sync) {
      if (journal.full) return { kind: 'failed', says: 'no space left on device' };
      const { torn, unended } = parseJournal(new TextEncoder().encode(journal.text));
      const at = new Date(0).toISOString();
      if (unended) journal.text += '\n';
      if (torn > 0) journal.text += `${JSON.stringify({ kind: 'mended', bytes: torn, at })}\n`;
      journal.text += `${JSON.stringify({ ...record, at })}\n`;
      if (sync) synced = journal.text.length;
      return { kind: 'ok' };
    },
  };
  return journal;
}
