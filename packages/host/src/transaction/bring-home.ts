/**
 * @module Brings the members of a claim back to what they were. One code for a claim that fails, a release, a recovery and
 * a claim that nobody confirmed; it goes by what is seen, so it may be stopped anywhere and begun again.
 */
import type { ClaimState } from '../claims/claim-state.ts';
import { compareIdentity } from '../claims/identity.ts';
import type { ClaimedMember, Difference, ReturnReason } from '../journal/record.ts';
import type { Step } from '../plan/step.ts';
import { differencesOf, type MemberDifference } from './differences.ts';
import { ask, type Protocol } from './effect.ts';
import { HOME_PHASES, homeSteps } from './home-steps.ts';
import { misnamed, nameSteps } from './interface-names.ts';
import type { DeviceNow } from './observation.ts';
import { runSteps, type StepFailure } from './run-steps.ts';

export interface HomeReport {
  /** `paused`: a member is not home, and `recover` has to go on. */
  readonly kind: 'home' | 'paused';
  readonly differences: readonly Difference[];
  readonly failures: readonly StepFailure[];
}

/** What happens to whom: members in reverse; virtual functions last, because their owner makes them first. */
export const homeward = (members: readonly ClaimedMember[]): readonly (readonly ClaimedMember[])[] => {
  const reversed = [...members].reverse();
  return [reversed.filter((m) => m.target !== null), reversed.filter((m) => m.target === null)];
};

export function* bringHome(claim: ClaimState, because: ReturnReason): Protocol<HomeReport> {
  const untouchable = yield* writesInFlight(claim);
  yield* ask({ kind: 'append', record: { kind: 'returning', claim: claim.id, because }, sync: true });
  const failures: StepFailure[] = [];
  for (const wave of homeward(claim.members)) {
    for (const phase of HOME_PHASES) {
      const now = yield* seen(wave, untouchable);
      const ours = wave.filter((m) => isSame(m, now.get(m.device)));
      let steps: readonly Step[] = ours.flatMap((m) => homeSteps(phase, m, now.get(m.device) as DeviceNow));
      if (phase === 'unbind' && steps.length > 0) {
        for (const [device, says] of yield* inUse(steps)) untouchable.set(device, says);
        steps = steps.filter((s) => !untouchable.has(s.device));
      }
      if (!(yield* runAll(claim, steps, untouchable, failures))) return yield* pause(claim, untouchable, failures);
    }
  }
  const named = yield* interfacesNamed(claim, untouchable, failures);
  if (!named) return yield* pause(claim, untouchable, failures);
  return yield* finish(claim, because, untouchable, failures);
}

type Reasons = Map<string, string>;

/** One device that does not come home keeps none of the others from it. @returns whether the journal could be written */
function* runAll(
  claim: ClaimState,
  steps: readonly Step[],
  untouchable: Reasons,
  failures: StepFailure[],
): Protocol<boolean> {
  for (let left = steps; left.length > 0; ) {
    const { tried, failure } = yield* runSteps(claim.id, left);
    if (failure === undefined) return true;
    failures.push(failure);
    if (failure.kind === 'journal') return false;
    if (failure.kind === 'stuck') untouchable.set(failure.step.device, stuckSentence(failure.step));
    left = left.slice(tried);
  }
  return true;
}

/** When all are home, since one may have the name of another. */
function* interfacesNamed(claim: ClaimState, untouchable: Reasons, failures: StepFailure[]): Protocol<boolean> {
  const now = yield* seen(claim.members, untouchable);
  const ours = claim.members.filter((m) => isSame(m, now.get(m.device)));
  const wrong = ours.flatMap((m) => misnamed(m, now.get(m.device) as DeviceNow));
  return yield* runAll(claim, nameSteps(wrong), untouchable, failures);
}

/** A writer that outlived its command is given a moment. What it is inside of then must not be touched: it would hang too. */
function* writesInFlight(claim: ClaimState): Protocol<Reasons> {
  const inFlight: Reasons = new Map();
  for (const [device, { step, writer }] of claim.stuck) {
    if (yield* ask({ kind: 'linger', writer })) inFlight.set(device, stuckSentence(step));
  }
  const [first] = claim.open;
  if (first !== undefined && claim.writer !== undefined && (yield* ask({ kind: 'linger', writer: claim.writer }))) {
    const { id, writer } = claim;
    yield* ask({
      kind: 'append',
      record: { kind: 'stuck', claim: id, step: first, writer, deadlineMs: 0 },
      sync: true,
    });
    inFlight.set(first.device, stuckSentence(first));
  }
  return inFlight;
}

const stuckSentence = (step: Step): string =>
  step.kind === 'write' ? `is stuck in the kernel in a write to /${step.file}` : `is stuck in ${step.program}`;

/**
 * Without those that must not be touched: who reads `driver_override` or `sriov_numvfs` of a device that a driver does not
 * let go waits for its lock as well, unkillable.
 */
function* seen(members: readonly ClaimedMember[], untouchable: Reasons): Protocol<ReadonlyMap<string, DeviceNow>> {
  const devices = members.flatMap((m) => (untouchable.has(m.device) ? [] : [m.device]));
  return (yield* ask({ kind: 'observe', devices })).devices;
}

/** Unbinding VFIO waits until the last user lets go, for ever if need be. */
function* inUse(steps: readonly Step[]): Protocol<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { device } of steps) {
    const users = yield* ask({ kind: 'users', devices: [device] });
    if (users.length > 0) found.set(device, `is in use by ${users.join(', ')}`);
  }
  return found;
}

/** Another card at the same address is nobody's business here. */
const isSame = (member: ClaimedMember, now: DeviceNow | undefined): boolean =>
  now !== undefined && compareIdentity(member.identity, now.identity).length === 0;

function* finish(
  claim: ClaimState,
  because: ReturnReason,
  untouchable: Reasons,
  failures: readonly StepFailure[],
): Protocol<HomeReport> {
  const found = yield* remaining(claim, untouchable);
  if (found.some((d) => d.retry)) return yield* pause(claim, untouchable, failures);
  const differences = found.map(({ device, says }) => ({ device, says }));
  const ended = { kind: 'ended', claim: claim.id, because, differences } as const;
  yield* ask({ kind: 'append', record: ended, sync: true });
  return { kind: 'home', differences, failures };
}

function* pause(claim: ClaimState, untouchable: Reasons, failures: readonly StepFailure[]): Protocol<HomeReport> {
  const found = yield* remaining(claim, untouchable);
  const differences = found.map(({ device, says }) => ({ device, says }));
  yield* ask({ kind: 'append', record: { kind: 'paused', claim: claim.id, differences }, sync: true });
  return { kind: 'paused', differences, failures };
}

function* remaining(claim: ClaimState, untouchable: Reasons): Protocol<readonly MemberDifference[]> {
  const now = yield* seen(claim.members, untouchable);
  return claim.members.flatMap((m) => differencesOf(m, now.get(m.device), untouchable.get(m.device)));
}
