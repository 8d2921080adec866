/**
 * @module Numbers for what is equal, so that a whole situation is compared by a few numbers, and exactly: a digest could take
 * two situations for one.
 */

/** Above every number of a table: pairs of numbers are told apart by one key that a double holds. */
const LIMIT = 2 ** 26;

/** Numbers from 1 for texts, the same for the same text. */
export function createTexts(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    let number = numbers.get(text);
    if (number === undefined) {
      number = numbers.size + 1;
      numbers.set(text, number);
    }
    return number;
  };
}

/** Numbers from 1 for pairs of numbers, the same for the same pair. */
export function createPairs(): (a: number, b: number) => number {
  const numbers = new Map<number, number>();
  return (a, b) => {
    const key = a * LIMIT + b;
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size + 1;
      if (number >= LIMIT) throw new RangeError(`more than ${LIMIT} different pairs`);
      numbers.set(key, number);
    }
    return number;
  };
}

/** What is worked out once for each pair of numbers. */
export function createPairMemo<T>(): (a: number, b: number, make: () => T) => T {
  const pairs = new Map<number, T>();
  return (a, b, make) => {
    const key = a * LIMIT + b;
    let value = pairs.get(key);
    if (value === undefined) {
      value = make();
      pairs.set(key, value);
    }
    return value;
  };
}
