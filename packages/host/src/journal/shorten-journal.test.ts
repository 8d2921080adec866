import { appendFileSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../inventory/src/testing/temporary-directory.ts';
import { claimsOf, isStanding, nextClaimId } from '../claims/claim-state.ts';
import { createJournalFile, type JournalStore } from './journal-store.ts';
import { parseJournal } from './parse-journal.ts';
import type { DatedRecord, JournalRecord } from './record.ts';
import { type AsideFiles, partJournal, shortenJournal } from './shorten-journal.ts';

const AT = '2026-01-01T00:00:00.000Z';

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

/** One claim after the other, as commands make them; only `standing` does not end. */
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

const standingOf = (records: readonly DatedRecord[]) => claimsOf(records).filter(isStanding);
const idsOf = (records: readonly DatedRecord[]) => claimsOf(records).map((c) => c.id);

it('keeps a journal short, with every claim that stands and no number twice', () => {
  const directory = temporaryDirectory();
  const journal = createJournalFile(directory);
  const file = join(directory, 'journal');
  claimInTurn(journal, 100, 'c3');
  expect(statSync(file).size).toBeLessThan(300 * 1024);
  const { records, damagedLine } = journal.read();
  expect(damagedLine).toBeUndefined();
  expect(nextClaimId(records)).toBe('c101');
  expect(standingOf(records)).toMatchObject([{ id: 'c3', status: 'held' }]);
  expect(statSync(`${file}.old`).mode & 0o777).toBe(0o600);
  // Each claim's lines are in one of the files.
  expect(new Set(idsOf(journal.history())).size).toBe(100);
  expect(idsOf(parseJournal(readFileSync(`${file}.old`)).records)).not.toContain('c3');
});

it('says of what it puts aside that it has ended, and goes on with the rest in its order', () => {
  const said = [opened('c1'), opened('c2'), ended('c1'), { kind: 'committed', claim: 'c2' } as const];
  const parted = partJournal(
    said.map((r) => ({ ...r, at: AT })),
    AT,
  );
  expect(parted.kept.map((r) => r.kind)).toEqual(['continued', 'opened', 'committed']);
  expect(parted.kept[0]).toMatchObject({ claims: 2 });
  expect(parted.ended.map((r) => r.kind)).toEqual(['opened', 'ended']);
});

/** A journal that is due, of which c2 stands. */
function longJournal(): { readonly file: string; readonly records: readonly DatedRecord[] } {
  const file = join(temporaryDirectory(), 'journal');
  const said = Array.from({ length: 40 }, (_, i) => `c${i + 1}`).flatMap((c) => [
    opened(c),
    ...(c === 'c2' ? [] : [ended(c)]),
  ]);
  const records = said.map((r) => ({ ...r, at: AT }));
  writeFileSync(file, records.map((r) => `${JSON.stringify(r)}\n`).join(''));
  return { file, records };
}

/** Does what is asked `steps` times. Then the process is dead, or (`full`) the disk is. */
function stopsAfter(steps: number, full: boolean): AsideFiles {
  let left = steps;
  const may = (partly: () => void): void => {
    if (left-- > 0) return;
    if (left === -1) partly();
    throw full ? Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }) : new Error('dead');
  };
  const half = (text: string): string => text.slice(0, text.length / 2);
  return {
    append(file, text) {
      may(() => appendFileSync(file, half(text)));
      appendFileSync(file, text);
    },
    write(file, text) {
      may(() => writeFileSync(file, half(text)));
      writeFileSync(file, text);
    },
    sync: () => may(() => {}),
    replace(file, by) {
      may(() => {});
      renameSync(by, file);
    },
  };
}

describe('stopped anywhere', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])('after %i operations no claim that stands and no number is lost', (steps) => {
    const { file, records } = longJournal();
    shortenJournal(file, parseJournal(readFileSync(file)), AT, stopsAfter(steps, false));
    const now = parseJournal(readFileSync(file));
    expect([now.damagedLine, now.torn]).toEqual([undefined, 0]);
    expect(standingOf(now.records).map((c) => c.id)).toEqual(['c2']);
    expect(nextClaimId(now.records)).toBe('c41');
    expect(now.records.length < records.length).toBe(steps >= 6);
  });

  it('without room for it leaves nothing behind', () => {
    for (let steps = 0; steps < 6; steps++) {
      const { file } = longJournal();
      const before = readFileSync(file);
      appendFileSync(`${file}.old`, 'what was there\n');
      shortenJournal(file, parseJournal(before), AT, stopsAfter(steps, true));
      expect(readFileSync(file).equals(before)).toBe(true);
      expect(existsSync(`${file}.new`)).toBe(false);
      expect(readFileSync(`${file}.old`, 'utf8')).toBe('what was there\n');
    }
  });
});

it('loses none of what it puts aside when a stop has left half a line there', () => {
  const { file } = longJournal();
  writeFileSync(`${file}.old`, '{"kind":"open');
  shortenJournal(file, parseJournal(readFileSync(file)), AT);
  expect(idsOf(parseJournal(readFileSync(`${file}.old`)).records)).toHaveLength(39);
});

it.each([
  ['ends with a cut line', (text: string) => `${text}{"kind":"open`],
  ['is damaged', (text: string) => text.replace('"ended","claim":"c7"', '"ended","claim":c7')],
  ['is not ended', (text: string) => text.slice(0, -1)],
])('leaves a journal alone that %s', (_, spoil) => {
  const { file } = longJournal();
  const text = spoil(readFileSync(file, 'utf8'));
  writeFileSync(file, text);
  shortenJournal(file, parseJournal(readFileSync(file)), AT);
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(existsSync(`${file}.old`)).toBe(false);
});
