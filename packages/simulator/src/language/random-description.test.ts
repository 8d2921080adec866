import { expect, it } from 'vitest';
import { simulate } from '../machine/simulate.ts';
import { parseDescription } from './parse-description.ts';
import { printDescription } from './print-description.ts';
import { randomDescription } from './random-description.ts';

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

it('is the same machine for the same seed, and another one for another', () => {
  expect(randomDescription(7)).toEqual(randomDescription(7));
  expect(new Set(SEEDS.map((seed) => printDescription(randomDescription(seed)))).size).toBeGreaterThan(390);
});

it('can be built, whatever the seed', () => {
  for (const seed of SEEDS) expect(() => simulate(randomDescription(seed)), `seed ${seed}`).not.toThrow();
});

it('is read back from its text as it is', () => {
  for (const seed of SEEDS) {
    const description = randomDescription(seed);
    expect(parseDescription(printDescription(description)), `seed ${seed}`).toEqual(description);
  }
});
