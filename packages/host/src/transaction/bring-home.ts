/**
 * @module Brings the members of a claim back to what they were. One code for a claim that fails, a release, a recovery and
 * a claim that nobody confirmed; it goes by what is seen, so it may be stopped anywhere and begun again.
 */
import type { ClaimState } from '../claims/claim-state.ts';
import { compareIdentity } from '../claims/identity.ts';
import type { ClaimedMember, Difference, JournalRecord, ReturnReason } from '../journal/record.ts';
import { driverFile } from '../kernel-files/device-files.ts';
import type { Step } from '../plan/step.ts';
import { differencesOf, type MemberDifference } from './differences.ts';
import { ask, type Protocol } from './effect.ts';
import { HOME_PHASES, homeSteps, isOurDriver } from './home-steps.ts';
import { misnamed, nameSteps } from './interface-names.ts';
import type { DeviceNow } from './observation.ts';
import { runSteps, type StepFailure } from './run-steps.ts';

export interface HomeReport {
  /** `paused`: a member is not home, or the journal could not be told that all are, and `recover` has to go on. */
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
  const failures: StepFailure[] = [];
  const untouchable = yield* writesInFlight(claim, failures);
  const returning = { kind: 'returning', claim: claim.id, because } as const;
  // What the journal cannot be told of a write in flight, its announcement still says: until the next record.
  if (failures.length > 0 || !(yield* journalled(returning, failures)))
    return yield* pause(claim, untouchable, failures);
  for (const wave of homeward(claim.members)) {
    for (const phase of HOME_PHASES) {
      const now = yield* seen(claim.members, untouchable);
      if (phase === 'bind') holdBack(claim.members, now, untouchable);
      const ours = wave.filter((m) => !untouchable.has(m.device) && isSame(m, now.get(m.device)));
      let steps: readonly Step[] = ours.flatMap((m) => homeSteps(phase, m, now.get(m.device) as DeviceNow));
      if (phase === 'unbind' && steps.length > 0) {
        for (const [device, says] of yield* inUse(steps)) untouchable.set(device, { says, withVfio: true });
        steps = steps.filter((s) => !untouchable.has(s.device));
      }
      if (!(yield* runAll(claim, steps, untouchable, failures))) return yield* pause(claim, untouchable, failures);
    }
  }
  const named = yield* interfacesNamed(claim, untouchable, failures);
  if (!named) return yield* pause(claim, untouchable, failures);
  return yield* finish(claim, because, untouchable, failures);
}

/** Why members are left as they are. */
type Reasons = Map<string, Reason>;

interface Reason {
  readonly says: string;
  /** It is with VFIO, or may be as soon as what it is stuck in returns. */
  readonly withVfio: boolean;
}

/**
 * No driver of the host comes into a group that VFIO has a member of: the kernel refuses the one or the other, before 5.19
 * it stops the machine.
 */
function holdBack(members: readonly ClaimedMember[], now: ReadonlyMap<string, DeviceNow>, untouchable: Reasons): void {
  const withVfio = members.filter((m) => {
    const reason = untouchable.get(m.device);
    if (reason !== undefined) return reason.withVfio;
    return m.target !== null && isOurDriver(m, now.get(m.device)?.driver ?? null);
  });
  for (const { device, kernelGroup } of members) {
    const other = withVfio.find((m) => m.kernelGroup === kernelGroup && m.device !== device);
    if (other === undefined || kernelGroup === null || untouchable.has(device)) continue;
    const says = `waits for ${other.device} of its group, which VFIO may still have`;
    untouchable.set(device, { says, withVfio: false });
  }
}

/** @returns whether it was written; a record that a return hangs on is not lost in silence */
function* journalled(record: JournalRecord, failures: StepFailure[]): Protocol<boolean> {
  const written = yield* ask({ kind: 'append', record, sync: true });
  if (written.kind === 'failed') failures.push({ kind: 'journal', says: written.says });
  return written.kind === 'ok';
}

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
    if (failure.kind === 'stuck') {
      untouchable.set(failure.step.device, stuckIn(failure.step, claim.members));
      if (failure.unrecorded !== undefined) {
        failures.push({ kind: 'journal', says: failure.unrecorded });
        return false;
      }
    }
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
function* writesInFlight(claim: ClaimState, failures: StepFailure[]): Protocol<Reasons> {
  const inFlight: Reasons = new Map();
  for (const [device, { step, writer }] of claim.stuck) {
    if (yield* ask({ kind: 'linger', writer })) inFlight.set(device, stuckIn(step, claim.members));
  }
  const [first] = claim.open;
  if (first !== undefined && claim.writer !== undefined && (yield* ask({ kind: 'linger', writer: claim.writer }))) {
    const { id, writer } = claim;
    yield* journalled({ kind: 'stuck', claim: id, step: first, writer, deadlineMs: 0 }, failures);
    inFlight.set(first.device, stuckIn(first, claim.members));
  }
  return inFlight;
}

/** While a driver lets go, its device shows none: what counts is which driver the write is about. */
function stuckIn(step: Step, members: readonly ClaimedMember[]): Reason {
  const says =
    step.kind === 'write' ? `is stuck in the kernel in a write to /${step.file}` : `is stuck in ${step.program}`;
  const member = members.find((m) => m.device === step.device);
  const fromHost = step.kind === 'write' && step.file === driverFile(member?.before.driver ?? '', 'unbind');
  return { says, withVfio: step.phase === 'probe' || (step.phase === 'unbind' && !fromHost) };
}

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
  const users = yield* ask({ kind: 'users', devices: steps.map((s) => s.device) });
  return new Map(Array.from(users, ([device, who]) => [device, `is in use by ${who.join(', ')}`]));
}

/** Another card at the same address is nobody's business here. */
const isSame = (member: ClaimedMember, now: DeviceNow | undefined): boolean =>
  now !== undefined && compareIdentity(member.identity, now.identity).length === 0;

function* finish(
  claim: ClaimState,
  because: ReturnReason,
  untouchable: Reasons,
  failures: StepFailure[],
): Protocol<HomeReport> {
  const found = yield* remaining(claim, untouchable);
  if (found.some((d) => d.retry)) return yield* pause(claim, untouchable, failures);
  const differences = found.map(({ device, says }) => ({ device, says }));
  const ended = { kind: 'ended', claim: claim.id, because, differences } as const;
  const told = yield* journalled(ended, failures);
  return { kind: told ? 'home' : 'paused', differences, failures };
}

function* pause(claim: ClaimState, untouchable: Reasons, failures: StepFailure[]): Protocol<HomeReport> {
  const found = yield* remaining(claim, untouchable);
  const differences = found.map(({ device, says }) => ({ device, says }));
  // Said once is enough where the journal was what failed.
  if (failures.every((f) => f.kind !== 'journal')) {
    yield* journalled({ kind: 'paused', claim: claim.id, differences }, failures);
  }
  return { kind: 'paused', differences, failures };
}

function* remaining(claim: ClaimState, untouchable: Reasons): Protocol<readonly MemberDifference[]> {
  const now = yield* seen(claim.members, untouchable);
  return claim.members.flatMap((m) => differencesOf(m, now.get(m.device), untouchable.get(m.device)?.says));
}
