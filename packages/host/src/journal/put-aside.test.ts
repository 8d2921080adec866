import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../../inventory/src/testing/temporary-directory.ts';
import { claimsOf, isStanding, nextClaimId } from '../claims/claim-state.ts';
import { createJournalFile, type JournalStore } from './journal-store.ts';
import { parseJournal } from './parse-journal.ts';
import { carriedOver } from './put-aside.ts';
import type { JournalRecord } from './record.ts';

const opened = (claim: string): JournalRecord => ({
  kind: 'opened',
  claim,
  boot: 'b',
  for: null,
  policy: { name: 'default', accepted: [] },
  losses: [],
  confirmWithinMs: null,
  members: [],
  company: [],
  component: [],
  // As long as the lines of a claim are together.
  registers: { '0000:01:00.0 config': 'ff'.repeat(4096) },
});
const ended = (claim: string): JournalRecord => ({ kind: 'ended', claim, because: 'released', differences: [] });

/** One claim of its own each, as commands do; only `standing` does not end. */
function claimInTurn(journal: JournalStore, count: number, standing: string): void {
  for (let i = 0; i < count; i++) {
    journal.lock();
    const claim = nextClaimId(journal.read().records);
    journal.append(opened(claim), true);
    journal.append({ kind: 'committed', claim }, true);
    if (claim !== standing) journal.append(ended(claim), true);
    journal.unlock();
  }
}

it('keeps a journal short, with every claim that stands and no number twice', () => {
  const directory = temporaryDirectory();
  const journal = createJournalFile(directory);
  const file = join(directory, 'journal');
  claimInTurn(journal, 100, 'c3');
  expect(statSync(file).size).toBeLessThan(300 * 1024);
  const { records, damagedLine } = journal.read();
  expect(damagedLine).toBeUndefined();
  expect(nextClaimId(records)).toBe('c101');
  expect(claimsOf(records).filter(isStanding)).toMatchObject([{ id: 'c3', status: 'held' }]);
  const old = parseJournal(readFileSync(`${file}.old`)).records;
  const ids = new Set([...old, ...records].flatMap((r) => (r.kind === 'opened' ? [r.claim] : [])));
  expect(ids.size).toBe(100);
  expect(statSync(`${file}.old`).mode & 0o777).toBe(0o600);
});

it('leaves a journal that ends with a cut line as it is, to be mended', () => {
  const directory = temporaryDirectory();
  const journal = createJournalFile(directory);
  const file = join(directory, 'journal');
  claimInTurn(journal, 31, '');
  expect(existsSync(`${file}.old`)).toBe(false);
  writeFileSync(file, '{"kind":"open', { flag: 'a' });
  claimInTurn(journal, 1, '');
  expect(existsSync(`${file}.old`)).toBe(false);
  expect(journal.read().records.map((r) => r.kind)).toContain('mended');
});

it('carries over what was said of claims that stand, in its order', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const said = [opened('c1'), opened('c2'), ended('c1'), { kind: 'committed', claim: 'c2' } as const];
  const kept = carriedOver(
    said.map((r) => ({ ...r, at })),
    at,
  );
  expect(kept.map((r) => r.kind)).toEqual(['continued', 'opened', 'committed']);
  expect(kept[0]).toMatchObject({ claims: 2 });
});
