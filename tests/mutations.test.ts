import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MUTATIONS } from '../scripts/mutations/mutations.ts';
import { tryMutation } from '../scripts/mutations/try-mutation.ts';

describe('deliberate defects in the grouping rules', () => {
  it.each(MUTATIONS)('"$name" still fits its file', ({ file, find, replace }) => {
    expect(readFileSync(`packages/pci/src/${file}`, 'utf8').split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
  });

  // All of them: npm run mutations.
  it.each([
    ['functions of one device are not peers', /^escape/],
    ['UF is ignored', /^escape/],
    ['the alias mask is forgotten', /^escape/],
    ['SV is never on', /^not shown/],
  ])('"%s" is found by the proof', async (name, says) => {
    const mutation = MUTATIONS.find((m) => m.name === name);
    expect(mutation).toBeDefined();
    expect((await tryMutation(mutation, 0)).caught?.says).toMatch(says);
  });
});
