import { expect, it } from 'vitest';
import { runModel } from '../testing/registry-model/run-model.ts';

it('says what the naive registry says, whatever happens', () => {
  const { events } = runModel(8_000, 20260112);
  // Otherwise it would have been easy.
  for (const kind of [
    'claimed',
    'conflict',
    'merged',
    'split',
    'isolation-lost',
    'isolation-restored',
    'gate-bypassed',
  ]) {
    expect(events.get(kind), kind).toBeGreaterThan(3);
  }
  for (const reason of ['joins-claims', 'opens-claim', 'joins-domains', 'attach-failed', 'below']) {
    expect(events.get(`quarantined: ${reason}`), reason).toBeGreaterThan(0);
  }
});
