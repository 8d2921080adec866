/**
 * @module Text as roff, with the macros of man(7).
 */

/** A line of text. Hyphens that have to be typed (options, commands) are written with `code`. */
export function prose(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replace(/^([.'])/gm, '\\&$1')
    .replaceAll('…', '...');
}

/** Text to be typed as it stands: its hyphens stay hyphens when they are copied. */
export function code(text: string): string {
  return prose(text).replaceAll('-', '\\-');
}

export const bold = (text: string): string => `\\fB${code(text)}\\fP`;
export const italic = (text: string): string => `\\fI${code(text)}\\fP`;

export function section(title: string, ...body: readonly string[]): readonly string[] {
  return [`.SH ${quoted(title.toUpperCase())}`, ...body];
}

export function subsection(title: string, ...body: readonly string[]): readonly string[] {
  return [`.SS ${quoted(title)}`, ...body];
}

export function paragraphs(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => ['.PP', prose(text)]);
}

/** A tagged paragraph; `tag` is roff already. */
export function item(tag: string, text: string): readonly string[] {
  return ['.TP', tag, prose(text)];
}

/** Lines that are not filled. */
export function display(lines: readonly string[]): readonly string[] {
  return ['.PP', '.nf', '.RS 4', ...lines.map(code), '.RE', '.fi'];
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '\\(dq')}"`;
}
