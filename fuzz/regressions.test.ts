import { describe, expect, it } from 'vitest';
import { corpusOf, inputOf } from './mutate.ts';
import { fromHex, loadRegressions } from './regressions.ts';
import { targetNamed, targets } from './targets/index.ts';
import { tryInput } from './try-input.ts';

it('inputs that once broke a parser do not any more', async () => {
  for (const { name, target, hex } of loadRegressions()) {
    expect((await tryInput(targetNamed(target), fromHex(hex))).fault, name).toBeUndefined();
  }
});

describe('a short run with a fixed seed', () => {
  const SEED = 20120315;
  const RUNS = 2000;
  for (const target of targets) {
    it(target.name, async () => {
      const corpus = corpusOf(target);
      for (const { bytes } of corpus.inputs) expect(await tryInput(target, bytes)).toMatchObject({ fault: undefined });
      for (let n = 0; n < RUNS; n++) {
        const { fault } = await tryInput(target, inputOf(target, corpus, SEED, n));
        expect(fault, `seed ${SEED}, input ${n}`).toBeUndefined();
      }
    });
  }
});
