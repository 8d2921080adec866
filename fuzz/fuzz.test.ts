/** The fuzzer itself: it must find what is wrong, and find it again. */
import { describe, expect, it } from 'vitest';
import { assert, checkDiagnostics, checkFacts } from './invariants.ts';
import { corpusOf, inputOf } from './mutate.ts';
import { createRandom, seedOf } from './random.ts';
import { shrink } from './shrink.ts';
import type { FuzzTarget } from './target.ts';
import { tryInput } from './try-input.ts';

/** Breaks on a length byte of 200 or more, like a parser that forgot to compare. */
const careless: FuzzTarget = {
  name: 'careless',
  seeds: () => [Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0)],
  run: (bytes) => assert((bytes[2] ?? 0) < 200, () => `length ${bytes[2]}`),
};

describe('inputs', () => {
  const corpus = corpusOf(careless);

  it('are the same for the same seed, and others for another', () => {
    const some = (seed: number): string[] =>
      Array.from({ length: 50 }, (_, n) => inputOf(careless, corpus, seed, n).join(' '));
    expect(some(7)).toEqual(some(7));
    expect(some(7)).not.toEqual(some(8));
    expect(new Set(some(7)).size).toBeGreaterThan(25);
  });

  it('leave the seeds as they are, and stay within the longest', () => {
    const short = { ...careless, longest: 9 };
    for (let n = 0; n < 500; n++) expect(inputOf(short, corpus, 1, n).length).toBeLessThanOrEqual(9);
    expect([...(corpus.inputs[0]?.bytes ?? [])]).toEqual([1, 2, 3, 4, 0, 0, 0, 0]);
  });

  it('use the dictionary', () => {
    const word = Uint8Array.of(0xde, 0xad, 0xbe, 0xef);
    const inputs = Array.from({ length: 200 }, (_, n) => inputOf({ ...careless, dictionary: [word] }, corpus, 1, n));
    expect(inputs.some((i) => i.join(' ').includes(word.join(' ')))).toBe(true);
  });
});

it('finds a fault, and shrinks it to what matters', async () => {
  const corpus = corpusOf(careless);
  let found: Uint8Array | undefined;
  for (let n = 0; n < 2000 && found === undefined; n++) {
    const bytes = inputOf(careless, corpus, 1, n);
    if ((await tryInput(careless, bytes)).fault !== undefined) found = bytes;
  }
  const small = await shrink(found as Uint8Array, async (b) => (await tryInput(careless, b)).fault !== undefined);
  expect(small).toHaveLength(3);
  expect(small[2]).toBeGreaterThanOrEqual(200);
});

it('calls an input slow that is slow each time', async () => {
  const wait = (ms: number): void => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
  let runs = 0;
  const onceSlow: FuzzTarget = { ...careless, run: () => wait(runs++ === 0 ? 60 : 0) };
  expect((await tryInput(onceSlow, new Uint8Array(1))).fault).toBeUndefined();
  expect((await tryInput({ ...careless, run: () => wait(60) }, new Uint8Array(1))).fault).toContain('took');
});

it('waits for a parser that is asynchronous', async () => {
  const late = { ...careless, run: async () => Promise.reject(new Error('late')) };
  expect((await tryInput(late, new Uint8Array(1))).fault).toBe('Error: late');
});

describe('invariants', () => {
  const told = { kind: 'diagnostic', severity: 'error', file: 'f', message: 'm' };
  it.each([
    ['another file', { ...told, file: 'g' }],
    ['an offset outside', { ...told, offset: 11 }],
    ['a negative offset', { ...told, offset: -1 }],
    ['an escape sequence', { ...told, message: '\x1b[2J' }],
    ['another severity', { ...told, severity: 'info' }],
  ])('a diagnostic with %s', (_, d) => {
    expect(() => checkDiagnostics([d], 'f', 10)).toThrow();
    expect(() =>
      checkDiagnostics([told, { ...told, file: 'f, line 3' }, { ...told, offset: 10 }], 'f', 10),
    ).not.toThrow();
  });

  it.each([
    ['NaN', { a: Number.NaN }],
    ['a fraction', { a: 0.5 }],
    ['an offset outside', { offset: 11 }],
    ['an escape sequence', { a: '\x1b' }],
    ['a function', { a: () => 0 }],
    ['too much', Array(10_000).fill(1)],
  ])('facts with %s', (_, facts) => {
    expect(() => checkFacts(Object.freeze(facts), 10)).toThrow();
  });

  it('facts that are not frozen', () => {
    expect(() => checkFacts({ a: 1 }, 10)).toThrow('frozen');
    expect(() => checkFacts(Object.freeze({ a: 1, b: 2n, c: null, d: undefined }), 10)).not.toThrow();
  });
});

it('random numbers are spread, and inputs of a run have seeds of their own', () => {
  const random = createRandom(1);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i++) {
    const n = random.below(4);
    counts[n] = (counts[n] as number) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(new Set(Array.from({ length: 10_000 }, (_, n) => seedOf(1, n))).size).toBeGreaterThan(9990);
});
