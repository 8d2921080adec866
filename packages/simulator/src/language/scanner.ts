/**
 * @module Walks over a text: white space and comments (`#` to the end of the line) are skipped, words and signs taken.
 */
import { DescriptionError, placeIn } from './description-error.ts';

export interface Scanner {
  /** Where the next word or sign starts. */
  offset(): number;
  atEnd(): boolean;
  /** Takes the sign if it is next. */
  take(sign: string): boolean;
  /** Takes what the pattern matches here; it has to have the flag `y`. */
  match(pattern: RegExp): string | undefined;
  /** The same without taking it. */
  peek(pattern: RegExp): string | undefined;
  /** @throws DescriptionError `expected …, found …` */
  expected(what: string, offset?: number): never;
  /** @throws DescriptionError */
  fail(says: string, offset: number): never;
}

export function createScanner(text: string): Scanner {
  let at = 0;
  const skip = (): void => {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)?.[0].length ?? 0;
  };
  const fail = (says: string, offset: number): never => {
    throw new DescriptionError(says, placeIn(text, offset));
  };
  const peek = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  skip();
  return {
    peek,
    offset: () => at,
    atEnd: () => at === text.length,
    take(sign) {
      if (!text.startsWith(sign, at)) return false;
      at += sign.length;
      skip();
      return true;
    },
    match(pattern) {
      const found = peek(pattern);
      if (found === undefined) return undefined;
      at += found.length;
      skip();
      return found;
    },
    expected(what, offset = at) {
      FOUND.lastIndex = offset;
      const found = offset === text.length ? 'the end' : JSON.stringify(FOUND.exec(text)?.[0] ?? text[offset]);
      return fail(`expected ${what}, found ${found}`, offset);
    },
    fail,
  };
}

const SPACE = /(?:\s+|#[^\n]*)*/y;
const FOUND = /->|[\w.+-]+/y;
