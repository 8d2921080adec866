import { POLICIES, partition } from '@isogroups/core';
import { analyse } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { randomDescription } from '../language/random-description.ts';
import { simulate } from '../machine/simulate.ts';
import { prove } from './prove.ts';
import { subjectOf } from './subject.ts';

/** A thousand and more: `npm run prove -- --random 1000`. */
const MACHINES = 60;

describe('random machines', () => {
  it.each(Array.from({ length: MACHINES }, (_, k) => k + 1))('seed %i', (seed) => {
    const analysis = analyse(simulate(randomDescription(seed)).facts());
    const subject = subjectOf(analysis);
    for (const policy of [POLICIES.strict, POLICIES.default]) {
      const { escapes, unshown } = prove(subject, partition(analysis.graph, policy));
      expect(escapes).toEqual([]);
      expect(unshown).toEqual([]);
    }
  });
});
