import { expect, it } from 'vitest';
import { suggest } from './suggest.ts';

const COMMANDS = ['list', 'show', 'why', 'why-not', 'verify', 'capture', 'diff', 'completion', 'man'];

it.each([
  ['shwo', 'show'],
  ['verfiy', 'verify'],
  ['capt', 'capture'],
  ['lst', 'list'],
  ['dif', 'diff'],
])('takes %s for %s', (word, meant) => {
  expect(suggest(word, COMMANDS)).toBe(meant);
});

it('does not guess where nothing is near', () => {
  expect(suggest('frobnicate', COMMANDS)).toBeUndefined();
  expect(suggest('x', COMMANDS)).toBeUndefined();
  expect(suggest('show', [])).toBeUndefined();
});
