/**
 * @module Splits a kernel command line into its words, as Linux does (next_arg).
 */

export interface KernelWord {
  /** Name before the first `=`, as written: `pci`, `intel_iommu`, `ivrs_ioapic[32]`. */
  readonly name: string;
  /** What follows the `=`; `undefined` without one. */
  readonly value: string | undefined;
  /** The word as it stands in the text, quotes and all. */
  readonly text: string;
  /** Offset of the word in the text. */
  readonly offset: number;
}

/** What the kernel's isspace() takes as white space. */
const isSpace = (c: string): boolean => (c >= '\t' && c <= '\r') || c === ' ' || c === '\u00a0';

/**
 * The words that are for the kernel: `--` ends them, what follows is for init. Double quotes protect white space; those
 * around a whole word or a whole value are taken off, others stay. The text ends at a NUL.
 */
export function kernelWords(text: string): readonly KernelWord[] {
  const nul = text.indexOf('\0');
  const end = nul < 0 ? text.length : nul;
  const words: KernelWord[] = [];
  for (let at = 0; at < end; ) {
    if (isSpace(text[at] as string)) {
      at++;
      continue;
    }
    const stop = endOfWord(text, at, end);
    const word = splitWord(text.slice(at, stop), at);
    if (word.name === '--' && word.value === undefined) break;
    words.push(word);
    at = stop;
  }
  return words;
}

function endOfWord(text: string, start: number, end: number): number {
  let quoted = false;
  let at = start;
  for (; at < end; at++) {
    const c = text[at] as string;
    if (c === '"') quoted = !quoted;
    else if (!quoted && isSpace(c)) break;
  }
  return at;
}

function splitWord(text: string, offset: number): KernelWord {
  const bare = text.startsWith('"') ? unquote(text) : text;
  const equals = bare.indexOf('=');
  // A word that begins with `=` has no name; Linux takes all of it as one.
  if (equals < 1) return { name: bare, value: undefined, text, offset };
  const value = bare.slice(equals + 1);
  return { name: bare.slice(0, equals), value: value.startsWith('"') ? unquote(value) : value, text, offset };
}

/** Without the quote it begins with and, if there is one, the quote it ends with. */
function unquote(text: string): string {
  return text.length > 1 && text.endsWith('"') ? text.slice(1, -1) : text.slice(1);
}

/** Parameter names as the kernel compares them: dashes and underscores are the same. */
export function parameterName(name: string): string {
  return name.replaceAll('-', '_');
}

/** Truth values as the kernel reads them (kstrtobool): `y`, `t`, `1`, `on` and their opposites, by their first letters. */
export function parseBoolean(value: string): boolean | undefined {
  switch (value[0]?.toLowerCase()) {
    case 'y':
    case 't':
    case '1':
      return true;
    case 'n':
    case 'f':
    case '0':
      return false;
    case 'o': {
      const second = value[1]?.toLowerCase();
      return second === 'n' ? true : second === 'f' ? false : undefined;
    }
    default:
      return undefined;
  }
}
