import { describe, expect, it } from 'vitest';
import { parse } from './testing/parse-sample.ts';
import { SAMPLE_LISTING } from './testing/sample-listing.ts';

describe('what people paste', () => {
  /** All that is said of the machine, but for where. */
  const facts = (text: string): unknown => {
    const { functions, kernel, diagnostics } = parse(text);
    return { functions, groups: kernel.groups, diagnostics: diagnostics.length };
  };
  const expected = facts(SAMPLE_LISTING);

  it('line ends, tabs as spaces, quotation marks, entities, colours make no difference', () => {
    const lines = SAMPLE_LISTING.split('\n');
    expect(facts(lines.join('\r\n'))).toEqual(expected);
    expect(facts(SAMPLE_LISTING.replaceAll('\t', '        '))).toEqual(expected);
    expect(facts(lines.map((l) => `> > ${l}`).join('\n'))).toEqual(expected);
    expect(facts(lines.map((l) => `>>${l}`).join('\n'))).toEqual(expected);
    expect(
      facts(`<pre>${SAMPLE_LISTING.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</pre>`),
    ).toEqual(expected);
    expect(facts(lines.map((l) => `\u001b[0m${l}\u001b[K`).join('\n'))).toEqual(expected);
    expect(facts(SAMPLE_LISTING.replaceAll('\n\n', '\n\n\n'))).toEqual(expected);
  });

  it('no indentation at all makes no difference', () => {
    expect(facts(SAMPLE_LISTING.replace(/^[ \t]+/gm, ''))).toEqual(expected);
  });

  it('prose around it makes no difference', () => {
    const prose =
      'Hello,\n\nhere is what my machine says. I hope that it helps you to find out why this does not work.\n$ sudo lspci -vvnn\n';
    expect(facts(`${prose}${SAMPLE_LISTING}\nThanks,\nBob\n`)).toEqual(expected);
    const comment = 'This driver is the one that I mean, and it has never worked.\nIt worked in 2.4.\n';
    expect(facts(SAMPLE_LISTING.replace('birch-net\n', `birch-net\n${comment}`))).toEqual(expected);
  });

  it('lines broken at a word or anywhere in it make no difference', () => {
    const breakLines = (width: number, within: boolean): string =>
      SAMPLE_LISTING.split('\n')
        .flatMap((line) => {
          const parts: string[] = [];
          let rest = line;
          while (rest.length > width) {
            const space = rest.lastIndexOf(' ', width);
            const end = within || space <= 1 ? width : space;
            parts.push(rest.slice(0, end));
            rest = rest.slice(within || space <= 1 ? end : end + 1);
          }
          return [...parts, rest];
        })
        .join('\n');
    const withoutNames = (value: unknown): string => JSON.stringify(value).replace(/"description":"[^"]*"/g, '');
    for (let width = 72; width <= 100; width++) {
      expect(JSON.stringify(facts(breakLines(width, false)))).toBe(JSON.stringify(expected));
      expect(withoutNames(facts(breakLines(width, true)))).toBe(withoutNames(expected));
    }
  });
});
