/** A smaller bound of what `npm run explore` visits, and proof that the exploration finds what is broken. */
import { describe, expect, it } from 'vitest';
import { machineOf, planFor } from '../testing/scenarios.ts';
import { claimProtocol } from '../transaction/claim-protocol.ts';
import { ask, type Effect, type Protocol } from '../transaction/effect.ts';
import type { Program } from './actor.ts';
import { explorations, NOTHING, staying } from './explorations.ts';
import { explore } from './explore.ts';

const small = [
  ...explorations(1, { kills: 1 }),
  ...explorations(1, { faults: 1 }),
  ...explorations(1, { unplugs: 1 }),
  ...explorations(1, { reboots: 1 }),
  ...explorations(2, { unplugs: 1 }),
  staying({}),
];

describe('the protocol, explored', () => {
  it.each(small)('holds its promises: $name $budget', (one) => {
    const { states, endings, counterexample } = explore(one);
    console.log(`${one.name} ${JSON.stringify(one.budget)}: ${states} states, ${endings} endings`);
    expect(counterexample).toBeUndefined();
    expect(states).toBeGreaterThan(500);
  });
});

/** The protocol with one kind of question changed on its way out, or answered without being asked. */
function spoilt(program: Program, change: (effect: Effect) => Effect | { readonly answer: unknown }): Program {
  return {
    name: `spoilt ${program.name}`,
    *start(): Protocol<unknown> {
      const protocol = program.start();
      let next = protocol.next();
      while (next.done !== true) {
        const changed = change(next.value);
        next = protocol.next('answer' in changed ? changed.answer : yield changed);
      }
      return next.value;
    },
  };
}

describe('the exploration finds', () => {
  const start = machineOf(2);
  const plan = planFor(start, '0000:00:05.0');
  const claimant: Program = { name: 'claimant', start: () => claimProtocol(plan) };
  const find = (programs: readonly Program[], budget = NOTHING) =>
    explore({ start, programs, budget }).counterexample?.says;

  it('two who act at once', () => {
    const lockless = spoilt(claimant, (effect) => (effect.kind === 'lock' ? { answer: { kind: 'locked' } } : effect));
    expect(find([lockless, lockless])).toMatch(
      /belongs to c1 and to|reported as claimed, and the journal does not say so/,
    );
  });

  it('a journal that is not on disk before the first write', () => {
    const hasty = spoilt(claimant, (effect) => (effect.kind === 'append' ? { ...effect, sync: false } : effect));
    expect(find([hasty])).toContain('no standing claim in the journal has it');
  });

  it('a claim that is held with the wrong driver', () => {
    const skips = (effect: Effect): boolean =>
      effect.kind === 'do' && effect.step.phase === 'probe' && effect.step.device.endsWith('.1');
    const blind = spoilt(claimant, (effect) => (skips(effect) ? { answer: { kind: 'ok' } } : effect));
    // Looking afterwards saves it.
    expect(find([blind])).toBeUndefined();
    const committing = spoilt(blind, (effect) =>
      effect.kind === 'append' && effect.record.kind === 'failed'
        ? { ...effect, record: { kind: 'committed', claim: 'c1' } }
        : effect,
    );
    expect(find([committing])).toContain('c1 is held and 0000:00:05.1 has null');
  });

  it('a driver that came to a member that stays', () => {
    const { programs, budget, start: machine } = staying({});
    const careless = (effect: Effect) => (effect.kind === 'company' ? { answer: [] } : effect);
    const claims = spoilt(programs[0] as Program, careless);
    expect(explore({ start: machine, programs: [claims], budget }).counterexample?.says).toContain(
      'c1 is held and 0000:00:05.3, which stays, has igb',
    );
  });

  it('a claim that is ended before its devices are home', () => {
    const careless: Program = {
      name: 'careless',
      *start() {
        yield* ask({ kind: 'lock' });
        const record = { kind: 'ended', claim: 'c1', because: 'released', differences: [] } as const;
        yield* ask({ kind: 'append', record, sync: true });
        yield* ask({ kind: 'unlock' });
      },
    };
    expect(find([claimant, careless])).toContain('no standing claim in the journal has it');
  });
});
