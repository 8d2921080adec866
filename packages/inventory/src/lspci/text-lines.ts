/**
 * @module The lines of a pasted text, freed of what mail programs, web pages and terminals put around them.
 */

export interface TextLine {
  /** From 1. */
  readonly number: number;
  /** Without quotation marks, indentation and trailing white space; a single space for each tab inside. */
  readonly text: string;
  /** Characters of white space before the text. */
  readonly indent: number;
  /** Characters of the line as it stood in the text: a mail program breaks lines that get too long. */
  readonly width: number;
  /** The text ends within this line: its last word, which may be the beginning of a longer one, is left out. */
  readonly cut: boolean;
}

const ENTITIES: Readonly<Record<string, string>> = { gt: '>', lt: '<', amp: '&', quot: '"', apos: "'", nbsp: ' ' };
const ENTITY = /&(?:(gt|lt|amp|quot|apos|nbsp)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi;
/** Colours of a terminal, and what else it does not print. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPES = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const TAGS = /<\/?(?:pre|code|div|span|br|p|tt|samp|blockquote)(?: [^<>]*)?\/?>/gi;
/** `> > `, `>>\t`: each mark with at most one space, so that the indentation behind it stays. */
const QUOTATION = /^(?: ?> ?)+/;

export function readTextLines(text: string): readonly TextLine[] {
  const lines = text.split(/\r\n|\n|\r/);
  // What stands behind the last line end was not ended: perhaps it is not all of the line. Nothing is no line at all.
  const last = lines.length - 1;
  if (lines[last] === '') lines.pop();
  return lines.map((line, i) => readLine(line, i + 1, i === last));
}

function readLine(line: string, number: number, cut: boolean): TextLine {
  const plain = decodeEntities(line.replace(ESCAPES, '').replace(TAGS, ''))
    .replace(UNPRINTABLE, '')
    .replace(/\u00a0/g, ' ')
    .replace(QUOTATION, '')
    .trimEnd();
  const body = plain.trimStart();
  return {
    number,
    text: (cut ? withoutLastWord(body) : body).replaceAll('\t', ' '),
    indent: plain.length - body.length,
    width: line.length,
    cut,
  };
}

/** By hand: the expression /\w+$/ takes quadratic time on a long line. */
function withoutLastWord(line: string): string {
  let end = line.length;
  while (end > 0 && /\w/.test(line[end - 1] as string)) end--;
  return line.slice(0, end).trimEnd();
}

function decodeEntities(line: string): string {
  if (!line.includes('&')) return line;
  return line.replace(
    ENTITY,
    (all, name: string | undefined, decimal: string | undefined, digits: string | undefined) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? all;
      const code = decimal === undefined ? Number.parseInt(digits ?? '0', 16) : Number.parseInt(decimal, 10);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}
