/**
 * @module Fitting text into a width. Colour codes count as nothing.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with ESC
const COLOR = /\u001b\[[0-9;]*m/g;

/** Columns that a text takes on the screen. */
export function visibleWidth(text: string): number {
  return text.includes('\u001b') ? text.replace(COLOR, '').length : text.length;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visibleWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - visibleWidth(text))) + text;
}

/** Lines of at most `width` columns, broken between words; a longer word stands alone and is not cut. */
export function wrapLines(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    let used = 0;
    for (const word of paragraph.split(/ +/)) {
      const size = visibleWidth(word);
      if (line !== '' && used + 1 + size > width) {
        lines.push(line);
        line = '';
        used = 0;
      }
      used += (line === '' ? 0 : 1) + size;
      line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}

/** A paragraph: the first line after `first`, the others after `rest` (default: as many blanks). */
export function paragraph(
  text: string,
  width: number,
  first = '',
  rest: string = ' '.repeat(visibleWidth(first)),
): string {
  const inside = Math.max(width - Math.max(visibleWidth(first), visibleWidth(rest)), 20);
  return wrapLines(text, inside)
    .map((line, i) => (i === 0 ? first : rest) + line)
    .join('\n');
}

/** The first letter as at the beginning of a sentence; not that of a name of ours like `vtd0`, or of a command. */
export function capital(text: string): string {
  return /^(?:[a-z]+\d|lspci )/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** Cut to a width, with an ellipsis where something is lost. Only for text without colour codes. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1)).trimEnd()}…`;
}
