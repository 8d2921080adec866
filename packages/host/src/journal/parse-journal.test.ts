import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemoryJournal } from '../testing/memory-journal.ts';
import { parseJournal } from './parse-journal.ts';
import type { JournalRecord } from './record.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const line = (claim: string): string => JSON.stringify({ kind: 'committed', claim, at: '2026-01-01T00:00:00.000Z' });
const claims = (text: string): readonly string[] =>
  parseJournal(bytes(text)).records.map((r) => (r as { claim?: string }).claim ?? r.kind);

/** Texts with anything in them that JSON can hold. */
const record = fc
  .record({ claim: fc.string({ unit: 'binary', maxLength: 12 }) })
  .map(({ claim }): JournalRecord => ({ kind: 'confirmed', claim }));

it('reads the same records whatever the last one was cut to, and goes on behind it', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 4 }), record, record, (before, cut, after) => {
      const whole = createMemoryJournal();
      for (const one of before) whole.append(one, true);
      const kept = bytes(whole.text).length;
      whole.append(cut, true);
      const all = bytes(whole.text);
      for (let length = kept; length <= all.length; length++) {
        const parsed = parseJournal(all.subarray(0, length));
        expect(parsed.damagedLine).toBeUndefined();
        // Whole as soon as only its line end is missing.
        const complete = length >= all.length - 1;
        expect(parsed.records.length).toBe(before.length + (complete ? 1 : 0));
        expect(parsed.torn).toBe(complete ? 0 : length - kept);
      }
      // Whoever writes next mends it; what was written before and after is all there.
      const text = whole.text.slice(
        0,
        Math.ceil((whole.text.length + whole.text.lastIndexOf('\n', whole.text.length - 2)) / 2),
      );
      const mended = createMemoryJournal(text);
      mended.append(after, true);
      const again = mended.read();
      expect(again.damagedLine).toBeUndefined();
      expect(again.torn).toBe(0);
      expect(again.records.filter((r) => r.kind === 'confirmed').length).toBe(before.length + 1);
    }),
    { numRuns: 60 },
  );
});

it('says which line in the middle cannot be read: nobody knows what it said', () => {
  expect(parseJournal(bytes(`${line('c1')}\n{"kind":"int\n${line('c2')}\n`)).damagedLine).toBe(2);
  expect(parseJournal(bytes(`${line('c1')}\n\u0000\u0000\n${line('c2')}\n${line('c3')}\n`)).damagedLine).toBe(2);
});

it('takes a cut line that was mended for what it is, even where mending was cut as well', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const mended = JSON.stringify({ kind: 'mended', bytes: 12, at });
  expect(parseJournal(bytes(`${line('c1')}\n{"kind":"int\n${mended}\n${line('c2')}\n`)).damagedLine).toBeUndefined();
  const twice = `${line('c1')}\n{"kind":"int\n{"kind":"men\n${mended}\n${line('c2')}\n`;
  expect(parseJournal(bytes(twice)).damagedLine).toBeUndefined();
  expect(claims(twice)).toEqual(['c1', 'mended', 'c2']);
});

it('is empty where there is nothing', () => {
  expect(parseJournal(new Uint8Array())).toEqual({ records: [], torn: 0, unended: false, damagedLine: undefined });
});
