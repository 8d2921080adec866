/**
 * @module Functions and what is below them, from text to description. The grammar is in docs/language-of-machines.md.
 */
import type { FunctionDescription, FunctionOptions, RootBusDescription, Slot } from './description.ts';
import { isController, KINDS, kindOf } from './kinds.ts';
import { OPTION_WORDS, optionWord } from './options.ts';
import { createScanner, type Scanner } from './scanner.ts';

/** A name, or a word of the language. */
export const NAME: RegExp = /[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*/y;
export const OPTION_VALUE: RegExp = /[^\s,\]#]+/y;
const NUMBER = /\d{1,6}/y;

/** Nothing is deeper: a segment has 256 busses. */
const DEEPEST = 256;
const MOST_DEVICES = 32;
/** More is not wanted by anybody; keeps `32*dsp -> switch(32*dsp -> …)` from filling the memory. */
const MOST_FUNCTIONS = 1_000_000;

export interface Parsing {
  readonly scan: Scanner;
  /** Where each function stands, for faults that are found when all is read. */
  readonly places: Map<FunctionDescription | RootBusDescription, number>;
  functions: number;
}

/**
 * Reads the functions of one device, as a description has them on a bus: `nvme`, `{gpu, audio}`, `switch(2*dsp -> nvme)`.
 * @throws DescriptionError
 */
export function parseSlot(text: string): Slot {
  const parsing: Parsing = { scan: createScanner(text), places: new Map(), functions: 0 };
  const found = slots(parsing, 0);
  if (!parsing.scan.atEnd()) parsing.scan.expected('"->" or the end');
  if (found.length > 1) parsing.scan.fail('one device at a time', 0);
  return found[0] as Slot;
}

/** One slot, or as many as the number before it says. */
export function slots(parsing: Parsing, depth: number): readonly Slot[] {
  const { scan } = parsing;
  const at = scan.offset();
  if (depth > DEEPEST) scan.fail(`nothing is deeper than ${DEEPEST} bridges`, at);
  const digits = scan.match(NUMBER);
  if (digits !== undefined && !scan.take('*')) scan.expected('"*" behind the number');
  const times = digits === undefined ? 1 : Number(digits);
  if (times === 0) scan.fail('at least one is needed', at);
  if (times > MOST_DEVICES) scan.fail(`a bus has at most ${MOST_DEVICES} devices`, at);
  const before = parsing.functions;
  const slot = scan.take('{') ? braced(parsing, depth) : Object.freeze([fn(parsing, depth)]);
  parsing.functions += (parsing.functions - before) * (times - 1);
  if (parsing.functions > MOST_FUNCTIONS) scan.fail(`more than ${MOST_FUNCTIONS} functions`, at);
  return new Array<Slot>(times).fill(slot);
}

function braced(parsing: Parsing, depth: number): Slot {
  const functions: FunctionDescription[] = [];
  do functions.push(fn(parsing, depth));
  while (parsing.scan.take(','));
  if (!parsing.scan.take('}')) parsing.scan.expected('"," or "}"');
  return Object.freeze(functions);
}

function fn(parsing: Parsing, depth: number): FunctionDescription {
  const { scan, places } = parsing;
  const at = scan.offset();
  const first = scan.match(NAME);
  if (first === undefined) return scan.expected('a function, such as rp or nvme');
  const named = scan.take(':');
  const kindAt = named ? scan.offset() : at;
  const kind = named ? scan.match(NAME) : first;
  if (kind === undefined || kindOf(kind) === undefined) {
    const words = KINDS.map((k) => k.word).join(', ');
    return scan.expected(`one of ${words}, or a word that ends in "bus"`, kindAt);
  }
  parsing.functions++;
  const options = scan.take('[') ? functionOptions(scan) : NO_OPTIONS;
  const leads = scan.take('->');
  const opens = scan.take('(');
  const isOther = isController(kind);
  const below = !isOther && (leads || opens) ? insideSlots(parsing, opens, depth + 1) : [];
  const children = isOther && (leads || opens) ? softwareNames(scan, opens) : [];
  const description: FunctionDescription = Object.freeze({
    kind,
    name: named ? first : undefined,
    options,
    below: Object.freeze(below),
    children: Object.freeze(children),
  });
  places.set(description, at);
  return description;
}

const NO_OPTIONS: FunctionOptions = Object.freeze({});

function insideSlots(parsing: Parsing, isList: boolean, depth: number): readonly Slot[] {
  if (!isList) return slots(parsing, depth);
  const { scan } = parsing;
  const all: Slot[] = [];
  if (scan.take(')')) return all;
  do all.push(...slots(parsing, depth));
  while (scan.take(','));
  if (!scan.take(')')) scan.expected('"," or ")"');
  return all;
}

function softwareNames(scan: Scanner, isList: boolean): readonly string[] {
  const names: string[] = [];
  do names.push(scan.match(NAME) ?? scan.expected('the name of a device of that bus'));
  while (isList && scan.take(','));
  if (isList && !scan.take(')')) scan.expected('"," or ")"');
  return names;
}

function functionOptions(scan: Scanner): FunctionOptions {
  let options: FunctionOptions = {};
  const seen = new Set<string>();
  while (!scan.take(']')) {
    const at = scan.offset();
    const word = scan.match(NAME) ?? scan.expected('an option or "]"');
    const known = optionWord(word);
    if (known === undefined) return scan.expected(`one of ${OPTION_WORDS.map((o) => o.word).join(', ')}`, at);
    if (seen.has(word)) scan.fail(`"${word}" stands here twice`, at);
    seen.add(word);
    const hasValue = scan.take('=');
    const valueAt = scan.offset();
    const text = hasValue ? (scan.match(OPTION_VALUE) ?? '') : undefined;
    const value = known.parse(text);
    if (value === undefined) {
      const found = text === undefined ? 'and nothing follows' : `not ${JSON.stringify(text)}`;
      scan.fail(`"${word}" takes ${known.value}, ${found}`, hasValue ? valueAt : at);
    }
    options = { ...options, ...value };
    scan.take(',');
  }
  return Object.freeze(options);
}
