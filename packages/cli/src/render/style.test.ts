import { describe, expect, it } from 'vitest';
import { createStyle, PLAIN, styleFor } from './style.ts';

const colored = (style: ReturnType<typeof styleFor>): boolean => style.bad('x') !== 'x';

describe('style', () => {
  it('has colours only on a terminal', () => {
    expect(colored(styleFor({ isTTY: true, columns: 100 }, {}))).toBe(true);
    expect(colored(styleFor({}, {}))).toBe(false);
    expect(colored(styleFor({ isTTY: false }, { FORCE_COLOR: '1' }))).toBe(false);
  });

  it('has none with NO_COLOR, on a dumb terminal, or where they are not wanted', () => {
    const terminal = { isTTY: true, columns: 100 };
    expect(colored(styleFor(terminal, { NO_COLOR: '1' }))).toBe(false);
    // https://no-color.org: only where it is not empty.
    expect(colored(styleFor(terminal, { NO_COLOR: '' }))).toBe(true);
    expect(colored(styleFor(terminal, { TERM: 'dumb' }))).toBe(false);
    expect(colored(styleFor(terminal, {}, false))).toBe(false);
  });

  it('takes the width of the terminal, else COLUMNS, else 80', () => {
    expect(styleFor({ isTTY: true, columns: 132 }, { COLUMNS: '60' }).width).toBe(132);
    expect(styleFor({}, { COLUMNS: '60' }).width).toBe(60);
    expect(styleFor({}, { COLUMNS: 'wide' }).width).toBe(80);
    expect(PLAIN.width).toBe(80);
  });

  it('does not go below what a table needs', () => {
    expect(createStyle({ color: false, width: 3 }).width).toBe(40);
  });
});
