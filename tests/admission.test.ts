/**
 * @module A plan is refused for its policy, or for another claim, exactly where a registry on the same machine refuses the
 * claim, and for the same reason.
 */
import {
  BusyError,
  createManager,
  createRegistry,
  type Device,
  IsolationError,
  NotPermittedError,
  POLICIES,
  type Policy,
  partition,
} from '@isogroups/core';
import { type ClaimState, claimsOf, conflicts, makePlan, type Plan, type Refusal } from '@isogroups/host';
import { readMachine } from '@isogroups/inventory';
import { type Analysis, analyse, createCapturedMachine, createPciProvider } from '@isogroups/pci';
import { randomDescription, simulate } from '@isogroups/simulator';
import fc from 'fast-check';
import { expect, it } from 'vitest';

/** Also such as no other of these contains: then two may meet at a bridge alone. */
const CHOICE: readonly Policy[] = [
  ...Object.values(POLICIES),
  { name: 'no peers', acceptances: [{ kind: 'peer-to-peer' }] },
  { name: 'no forgers', acceptances: [{ kind: 'forged-requester' }, { kind: 'interrupts' }] },
];

interface Attempt {
  readonly policy: number;
  /** Which devices are asked for, modulo how many there are. */
  readonly asked: readonly number[];
}

const attempts = fc.array(
  fc.record({
    policy: fc.nat(CHOICE.length - 1),
    asked: fc.array(fc.nat(30), { minLength: 1, maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Every third device has no driver: it stays where it is when its group is handed over. */
function machineOf(seed: number) {
  const live = simulate(randomDescription(seed));
  let i = 0;
  for (const device of live.devices()) if (i++ % 3 === 0 && device.driver !== undefined) live.unbind(device);
  return { tree: live.tree, machine: readMachine(live.tree, { kind: 'live', label: 'simulated' }) };
}

type Verdict = 'granted' | 'held' | 'policy';

/** What the host would lose, and what its kernel refuses, no registry knows. */
function admission({ refusals }: Plan, others: readonly Refusal[]): Verdict {
  if (others.length > 0) return 'held';
  return refusals.some((r) => r.kind === 'policy') ? 'policy' : 'granted';
}

function registered(claim: () => unknown): Verdict {
  try {
    claim();
    return 'granted';
  } catch (error) {
    if (error instanceof BusyError) return 'held';
    if (error instanceof NotPermittedError) return 'policy';
    throw error instanceof IsolationError ? new Error(`not expected: ${error.message}`) : error;
  }
}

const BOOT = 'boot-1';

/** As the journal would tell it. */
function held(id: number, plan: Plan): ClaimState {
  const { policy, claimed: members, company, component, registers } = plan;
  const opened = {
    kind: 'opened',
    claim: `c${id}`,
    boot: BOOT,
    policy,
    members,
    company,
    component,
    registers,
  } as const;
  const rest = { for: null, losses: [], confirmWithinMs: null, at: '2026-01-01T00:00:00Z' };
  const [claim] = claimsOf([
    { ...opened, ...rest },
    { kind: 'committed', claim: `c${id}`, at: rest.at },
  ]);
  return claim as ClaimState;
}

/** What may be asked for: functions that send themselves, and no bridges. */
const candidates = ({ machine, graph }: Analysis): readonly number[] =>
  machine.functions.flatMap((f, p) => (graph.parties.isBridge(p) || f.dmaDevice >= 0 ? [] : [p]));

it('admits what the registry grants', () => {
  const seen = { granted: 0, held: 0, policy: 0 };
  fc.assert(
    fc.property(fc.nat(10_000), attempts, (seed, tries: readonly Attempt[]) => {
      const { tree, machine } = machineOf(seed);
      const analysis = analyse(machine);
      const captured = createCapturedMachine(machine);
      const registry = createRegistry(captured);
      registry.registerProvider('pci', createPciProvider(captured));
      const manager = createManager({ name: 'host' });
      const free = candidates(analysis);
      if (free.length === 0) return;
      const standing: ClaimState[] = [];
      for (const { policy, asked } of tries) {
        const under = CHOICE[policy] as Policy;
        const plan = makePlan(analysis, partition(analysis.graph, under), tree, {
          asked: asked.map((n) => free[n % free.length] as number),
          driver: undefined,
          with: 'all',
          for: null,
          lose: [],
          confirmWithinMs: null,
        });
        // Virtual functions that go away with their physical one are unplugged, and not claimed.
        if (plan.claimed.some((m) => m.target === null)) continue;
        const devices = plan.claimed.map((m) => captured.find(m.device) as Device);
        const ours = admission(plan, conflicts(plan, standing, BOOT));
        const theirs = registered(() => registry.claim(manager, devices, under));
        expect([plan.asked, under.name, ours]).toEqual([plan.asked, under.name, theirs]);
        seen[ours] += 1;
        if (ours === 'granted') standing.push(held(standing.length + 1, plan));
      }
    }),
    { numRuns: 120 },
  );
  for (const n of Object.values(seen)) expect(n).toBeGreaterThan(10);
});
