import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createVisited } from './visited.ts';

it('is a set of triples, also when it grows', () => {
  const number = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number, number), { maxLength: 300 }), (triples) => {
      const visited = createVisited(16);
      const seen = new Set<string>();
      for (const triple of triples) {
        expect(visited.add(...triple)).toBe(!seen.has(triple.join()));
        seen.add(triple.join());
      }
      expect(visited.size).toBe(seen.size);
    }),
  );
});
