/**
 * @module Tables that fit the width: every column as wide as its longest cell, and where that is too much, the columns
 * that allow it wrap their words. Nothing is lost unless a column says that it may be cut.
 */
import { cut, padEnd, padStart, visibleWidth, wrapLines } from './text.ts';

export interface Column {
  readonly header?: string;
  readonly align?: 'left' | 'right';
  /** What happens where the line is too long: `keep` (default) nothing, `wrap` its words, `cut` with an ellipsis. */
  readonly fit?: 'keep' | 'wrap' | 'cut';
  /** Exactly as wide as this, so that several tables stand in line; a longer cell that may not wrap sticks out. */
  readonly width?: number;
  /** Never narrower than this (default 12), for `wrap` and `cut`. */
  readonly least?: number;
}

export interface TableOptions {
  readonly width: number;
  /** Blanks before each line. */
  readonly indent?: number;
  /** Blanks between columns. */
  readonly gap?: number;
  /** Dress of the headers. */
  readonly head?: (text: string) => string;
}

const LEAST = 12;

export function table(columns: readonly Column[], rows: readonly (readonly string[])[], options: TableOptions): string {
  const { indent = 0, gap = 2, head = (text) => text } = options;
  const hasHead = columns.some((c) => c.header !== undefined);
  const all = hasHead ? [columns.map((c) => (c.header === undefined ? '' : head(c.header))), ...rows] : rows;
  const widths = fit(columns, all, options.width - indent - gap * (columns.length - 1));
  return all.flatMap((row) => lines(columns, widths, row, indent, gap)).join('\n');
}

function fit(columns: readonly Column[], rows: readonly (readonly string[])[], room: number): readonly number[] {
  const widths = columns.map(
    ({ width }, c) => width ?? rows.reduce((most, row) => Math.max(most, visibleWidth(row[c] ?? '')), 0),
  );
  let excess = widths.reduce((sum, w) => sum + w, 0) - room;
  // The widest column that can give way does, until it fits.
  while (excess > 0) {
    let widest = -1;
    columns.forEach((column, c) => {
      if ((column.fit ?? 'keep') === 'keep' || (widths[c] as number) <= (column.least ?? LEAST)) return;
      if (widest < 0 || (widths[c] as number) > (widths[widest] as number)) widest = c;
    });
    if (widest < 0) break;
    widths[widest] = (widths[widest] as number) - 1;
    excess--;
  }
  return widths;
}

function lines(
  columns: readonly Column[],
  widths: readonly number[],
  row: readonly string[],
  indent: number,
  gap: number,
): string[] {
  const cells = columns.map((column, c) => {
    const text = row[c] ?? '';
    if (column.fit === 'wrap') return wrapLines(text, widths[c] as number);
    return [column.fit === 'cut' ? cut(text, widths[c] as number) : text];
  });
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = cells.map((cell, c) => {
      const pad = columns[c]?.align === 'right' ? padStart : padEnd;
      return pad(cell[line] ?? '', widths[c] as number);
    });
    return (' '.repeat(indent) + parts.join(' '.repeat(gap))).trimEnd();
  });
}
