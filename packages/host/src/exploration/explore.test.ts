/** A smaller bound of what `npm run explore` visits, and proof that the exploration finds what is broken. */
import { describe, expect, it } from 'vitest';
import { machineOf, planFor } from '../testing/scenarios.ts';
import { claimProtocol } from '../transaction/claim-protocol.ts';
import { ask, type Effect, type Protocol } from '../transaction/effect.ts';
import type { Observation } from '../transaction/observation.ts';
import { recoverProtocol } from '../transaction/return-protocols.ts';
import type { Program } from './actor.ts';
import { compare } from './compare.ts';
import { explorations, NOTHING, staying, virtualFunctions } from './explorations.ts';
import { type Explored, explore } from './explore.ts';

const small = [
  ...explorations(1, { kills: 1, faults: 1 }),
  ...explorations(1, { unplugs: 1, reboots: 1 }),
  ...explorations(2, { kills: 1 }),
  ...explorations(2, { unplugs: 1 }),
  ...explorations(2, { faults: 2 }).slice(1),
  virtualFunctions({ kills: 1 }),
  virtualFunctions({ unplugs: 2 }),
  staying({}),
];

describe('the protocol, explored', () => {
  it.each(small)('holds its promises: $name $budget', (one) => {
    const { states, endings, counterexample } = explore(one);
    console.log(`${one.name} ${JSON.stringify(one.budget)}: ${states} states, ${endings} endings`);
    expect(counterexample).toBeUndefined();
    expect(states).toBeGreaterThan(400);
  });
});

describe('the reductions', () => {
  const compared = [
    ...explorations(1, { kills: 1 }),
    ...explorations(1, { faults: 1 }),
    ...explorations(1, { unplugs: 1, reboots: 1 }),
    ...explorations(2, { unplugs: 1 }),
    virtualFunctions({ kills: 1 }),
    staying({}),
  ];
  it.each(compared)('lose no ending, and invent none: $name $budget', (one) => {
    const { reduced, whole, lost, invented } = compare(one);
    expect([lost, invented]).toEqual([[], []]);
    expect(reduced.states).toBeLessThan(0.6 * whole.states);
  });
});

/** The protocol with one kind of question changed on its way out, or answered without being asked; and with another answer. */
function spoilt(
  program: Program,
  change: (effect: Effect) => Effect | { readonly answer: unknown },
  hear: (effect: Effect, answer: unknown) => unknown = (_, answer) => answer,
): Program {
  return {
    name: `spoilt ${program.name}`,
    *start(): Protocol<unknown> {
      const protocol = program.start();
      let next = protocol.next();
      while (next.done !== true) {
        const changed = change(next.value);
        next = protocol.next(hear(next.value, 'answer' in changed ? changed.answer : yield changed));
      }
      return next.value;
    },
  };
}

describe('the exploration finds', () => {
  const start = machineOf(2);
  const plan = planFor(start, '0000:00:05.0');
  const claimant: Program = { name: 'claimant', start: () => claimProtocol(plan) };
  /** With and without the reductions: what these stand for is found as well. */
  const find = (programs: readonly Program[], budget = NOTHING, machine = start): string | undefined => {
    const says = ({ counterexample }: Explored): string | undefined => counterexample?.says;
    const found = says(explore({ start: machine, programs, budget }));
    const foundInAll = says(explore({ start: machine, programs, budget }, { all: true }));
    expect(found === undefined).toBe(foundInAll === undefined);
    return found;
  };

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

  it('a write that the journal was not told of before', () => {
    const silent = spoilt(claimant, (effect) =>
      effect.kind === 'append' && effect.record.kind === 'intent' ? { answer: { kind: 'ok' } } : effect,
    );
    expect(find([silent])).toContain('no standing claim in the journal has it');
    const opens = spoilt(silent, (effect) => (effect.kind === 'append' ? { ...effect, sync: true } : effect));
    // The way home is known, and that somebody is in the kernel still is not.
    expect(find([opens])).toBeUndefined();
    expect(find([opens], { ...NOTHING, kills: 1 })).toMatch(/^after (recovery|everything returned): /);
  });

  it('a recovery that forgets the override', () => {
    const recovers: Program = { name: 'recover', start: () => recoverProtocol(0) };
    const forgetful = spoilt(
      recovers,
      (effect) => effect,
      (effect, answer) => {
        if (effect.kind !== 'observe') return answer;
        const { boot, devices } = answer as Observation;
        const seen = Array.from(devices, ([name, now]) => [name, { ...now, override: null }] as const);
        return { boot, devices: new Map(seen) } satisfies Observation;
      },
    );
    expect(find([claimant, forgetful])).toBeUndefined();
    expect(find([claimant, forgetful], { ...NOTHING, kills: 1 })).toContain('no standing claim in the journal has it');
  });

  it('a failure to write the journal that nobody minds', () => {
    const hears = (effect: Effect, answer: unknown): unknown =>
      effect.kind === 'append' && effect.record.kind !== 'opened' ? { kind: 'ok' } : answer;
    const deaf = spoilt(claimant, (effect) => effect, hears);
    expect(find([deaf], { ...NOTHING, faults: 1 })).toBeDefined();
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
    expect(find([claims], budget, machine)).toContain('c1 is held and 0000:00:05.3, which stays, has igb');
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
