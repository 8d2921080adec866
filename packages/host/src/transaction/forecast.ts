/**
 * @module What a release or a recovery would write, foretold from what is seen now: for --dry-run, and for the question
 * that is asked before.
 */
import { type ClaimState, claimsOf } from '../claims/claim-state.ts';
import { compareIdentity } from '../claims/identity.ts';
import { unseenUsers } from '../claims/users.ts';
import type { DatedRecord } from '../journal/record.ts';
import { BOOT_UNKNOWN, type Refusal } from '../plan/refusal.ts';
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

export function planRelease(id: string, { files, journal }: World): HomePlan | Refused {
  const claim = claimOf(journal.read().records, id);
  const why = notReleasable(id, claim, bootOf(files.look()));
  if (why !== undefined || claim === undefined) return { kind: 'refused', refusals: why === undefined ? [] : [why] };
  return { kind: 'dry-run', steps: forecast(claim, observeMembers(claim, files)), notes: notesOn([claim], files) };
}

export function planRecovery({
  files,
  journal,
}: World): (HomePlan & { readonly claims: readonly ClaimState[] }) | Refused {
  const boot = bootOf(files.look());
  if (boot === undefined) return { kind: 'refused', refusals: [BOOT_UNKNOWN] };
  const claims = [...claimsOf(journal.read().records)].reverse().filter((c) => c.status !== 'ended');
  const ending = claims.filter((c) => reasonToEnd(c, boot, Date.now()) !== undefined);
  const ours = ending.filter((c) => c.boot === boot);
  const steps = ours.flatMap((c) => forecast(c, observeMembers(c, files)));
  return { kind: 'dry-run', steps, claims: ending, notes: notesOn(ours, files) };
}

function notesOn(claims: readonly ClaimState[], files: World['files']): readonly string[] {
  const devices = claims.flatMap((claim) => claim.members.map((m) => m.device));
  return devices.length === 0 ? [] : unseenUsers(files.look(), devices);
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

/** Not what a writer is still inside of: to look there is to wait as well (see `seen` in bring-home.ts). */
function observeMembers(claim: ClaimState, files: World['files']): ReadonlyMap<string, DeviceNow> {
  const devices = claim.members.map((m) => m.device);
  const isFree = (device: string): boolean => {
    const stuck = claim.stuck.get(device);
    return stuck === undefined || !files.isAlive(stuck.writer);
  };
  return observe(files.look(), devices.filter(isFree)).devices;
}

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
