import { describe, expect, it } from 'vitest';
import { capital, cut, padEnd, padStart, paragraph, visibleWidth, wrapLines } from './text.ts';

const RED = '\u001b[31mred\u001b[39m';

describe('text', () => {
  it('counts colour codes as nothing', () => {
    expect(visibleWidth(RED)).toBe(3);
    expect(padEnd(RED, 5)).toBe(`${RED}  `);
    expect(padStart(RED, 5)).toBe(`  ${RED}`);
  });

  it('wraps between words and never loses one', () => {
    const text = 'one two three four five six seven';
    const lines = wrapLines(text, 9);
    expect(lines).toEqual(['one two', 'three', 'four five', 'six seven']);
    expect(wrapLines('a 0123456789abcdef b', 5)).toEqual(['a', '0123456789abcdef', 'b']);
    expect(wrapLines(`${RED} ${RED}`, 7)).toEqual([`${RED} ${RED}`]);
  });

  it('keeps the lines of a text apart', () => {
    expect(wrapLines('a\n\nb', 10)).toEqual(['a', '', 'b']);
  });

  it('hangs a paragraph below its first line', () => {
    expect(paragraph('one two three four five six', 25, '  - ')).toBe('  - one two three four\n    five six');
    expect(paragraph('one two three four five six', 22, '', '>')).toBe('one two three four\n>five six');
  });

  it('cuts with an ellipsis only where something is lost', () => {
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdef', 4)).toBe('abc…');
  });

  it('begins sentences with a capital, but not with one of our names', () => {
    expect(capital('all devices')).toBe('All devices');
    expect(capital('vtd0 names it')).toBe('vtd0 names it');
    expect(capital('01:00.0 can')).toBe('01:00.0 can');
  });
});
