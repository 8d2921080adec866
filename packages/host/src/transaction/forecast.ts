/**
 * @module What a release or a recovery would write, foretold from what is seen now: for --dry-run, and for the question
 * that is asked before.
 */
import { type ClaimState, claimsOf } from '../claims/claim-state.ts';
import { compareIdentity } from '../claims/identity.ts';
import { unseenUsers } from '../claims/users.ts';
import type { DatedRecord } from '../journal/record.ts';
import { isLocked } from '../kernel-files/device-files.ts';
import { BOOT_UNKNOWN, lockedRefusal, type Refusal } from '../plan/refusal.ts';
import type { Step } from '../plan/step.ts';
import { homeward } from './bring-home.ts';
import { HOME_PHASES, homeSteps } from './home-steps.ts';
import { bootOf, type DeviceNow, observe } from './observation.ts';
import type { World } from './perform.ts';
import { notReleasable, reasonToEnd } from './return-protocols.ts';

export interface HomePlan {
  readonly kind: 'dry-run';
  readonly steps: readonly Step[];
  /** What could not be seen, and may be in the way. */
  readonly notes: readonly string[];
}

type Refused = { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/**
 * Ends whatever the drivers of its members do, and whatever processes hang in. What somebody else makes hang refuses
 * (`locked`): a release would look at it with the lock held, and wait there. @throws JournalUnreadable
 */
export async function planRelease(id: string, { files, journal }: World): Promise<HomePlan | Refused> {
  const claim = claimOf(journal.read().records, id);
  const why = notReleasable(id, claim, bootOf(files.look()));
  if (why !== undefined || claim === undefined) return { kind: 'refused', refusals: why === undefined ? [] : [why] };
  return planHome([claim], files);
}

interface RecoveryPlan extends HomePlan {
  readonly claims: readonly ClaimState[];
}

/** Ends, and refuses, as `planRelease` does. @throws JournalUnreadable */
export async function planRecovery({ files, journal }: World): Promise<RecoveryPlan | Refused> {
  const boot = bootOf(files.look());
  if (boot === undefined) return { kind: 'refused', refusals: [BOOT_UNKNOWN] };
  const claims = [...claimsOf(journal.read().records)].reverse().filter((c) => c.status !== 'ended');
  const ending = claims.filter((c) => reasonToEnd(c, boot, Date.now()) !== undefined);
  const plan = await planHome(
    ending.filter((c) => c.boot === boot),
    files,
  );
  return plan.kind === 'refused' ? plan : { ...plan, claims: ending };
}

/** Of claims of this boot. */
async function planHome(claims: readonly ClaimState[], files: World['files']): Promise<HomePlan | Refused> {
  if (claims.length === 0) return { kind: 'dry-run', steps: [], notes: [] };
  // Not what a writer is still inside of: it would only cost the time until it is known not to answer.
  const free = claims.flatMap((claim) => devicesOf(claim).filter((device) => !isInFlight(claim, device, files)));
  const tree = await files.lookPatiently(free);
  const locked = free.filter((device) => isLocked(tree, device));
  if (locked.length > 0) return { kind: 'refused', refusals: locked.map((device) => lockedRefusal(device)) };
  const { devices } = observe(tree, free);
  const steps = claims.flatMap((claim) => forecast(claim, devices));
  return { kind: 'dry-run', steps, notes: unseenUsers(tree, claims.flatMap(devicesOf)) };
}

const devicesOf = (claim: ClaimState): readonly string[] => claim.members.map((m) => m.device);

/** Whether a write that the journal knows of is inside the kernel still: bringing home leaves such a device alone. */
function isInFlight(claim: ClaimState, device: string, files: World['files']): boolean {
  const announced = claim.open[0]?.device === device ? claim.writer : undefined;
  return [claim.stuck.get(device)?.writer, announced].some((w) => w !== undefined && files.isAlive(w));
}

export function confirmable(id: string, { files, journal }: World): Refused | Pick<HomePlan, 'kind'> {
  const why = notReleasable(id, claimOf(journal.read().records, id), bootOf(files.look()));
  return why === undefined ? { kind: 'dry-run' } : { kind: 'refused', refusals: [why] };
}

/** When a claim that waits for its confirmation is to be given back, in milliseconds; undefined: it waits for none. */
export function whenOverdue(id: string, { journal }: World): number | undefined {
  const claim = claimOf(journal.read().records, id);
  if (claim?.status !== 'held' || claim.confirmed || claim.confirmWithinMs === null) return undefined;
  return Date.parse(claim.heldSince as string) + claim.confirmWithinMs;
}

const claimOf = (records: readonly DatedRecord[], id: string): ClaimState | undefined =>
  claimsOf(records).find((c) => c.id === id);

/** Takes each step for done, as it expects to be, and goes on from there. */
function forecast(claim: ClaimState, seen: ReadonlyMap<string, DeviceNow>): readonly Step[] {
  const now = new Map(seen);
  const steps: Step[] = [];
  for (const wave of homeward(claim.members)) {
    for (const phase of HOME_PHASES) {
      for (const member of wave) {
        const device = now.get(member.device);
        if (device === undefined || compareIdentity(member.identity, device.identity).length > 0) continue;
        for (const step of homeSteps(phase, member, device)) {
          steps.push(step);
          now.set(member.device, { ...device, ...step.expects });
        }
      }
    }
  }
  return steps;
}
