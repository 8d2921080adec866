/**
 * @module Moves the members of a plan away from the host, or nothing at all.
 */
import { type ClaimState, claimsOf, nextClaimId } from '../claims/claim-state.ts';
import { conflicts } from '../claims/conflicts.ts';
import { compareIdentity } from '../claims/identity.ts';
import type { DatedRecord, JournalRecord } from '../journal/record.ts';
import type { Plan } from '../plan/plan.ts';
import { BOOT_UNKNOWN, type Refusal, refusal } from '../plan/refusal.ts';
import { bringHome, type HomeReport } from './bring-home.ts';
import { ask, type Protocol } from './effect.ts';
import type { Binding, DeviceNow } from './observation.ts';
import { runSteps, type StepFailure } from './run-steps.ts';
import { underLock } from './under-lock.ts';
import { unmet } from './unmet.ts';

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly claim: ClaimState }
  /** Nothing was written to the kernel. */
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  /** `home` says whether all is as it was. */
  | { readonly kind: 'rolled-back'; readonly claim: string; readonly failure: ClaimFailure; readonly home: HomeReport };

export type ClaimFailure = StepFailure | { readonly kind: 'changed'; readonly says: string };

export function* claimProtocol(plan: Plan): Protocol<ClaimOutcome> {
  const refusals = [...plan.refusals, ...plan.unknown.map(notKnown)];
  if (refusals.length > 0) return { kind: 'refused', refusals };
  return yield* underLock((records) => claimLocked(plan, records));
}

function* claimLocked(plan: Plan, records: readonly DatedRecord[]): Protocol<ClaimOutcome> {
  const claims = claimsOf(records);
  const { boot, devices } = yield* ask({ kind: 'observe', devices: plan.claimed.map((m) => m.device) });
  if (boot === undefined) return { kind: 'refused', refusals: [BOOT_UNKNOWN] };
  const refusals = [
    ...conflicts(plan, claims, boot),
    ...(boot === plan.boot
      ? changes(plan.claimed, devices)
      : [refusal('changed', 'the machine was started again', AGAIN)]),
    ...(yield* changedCompany(plan)).map((says) => refusal('changed', says, AGAIN)),
  ];
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const objections = yield* ask({ kind: 'objections', plan });
  if (objections.length > 0) return { kind: 'refused', refusals: objections };

  const opened = openedRecord(plan, boot, nextClaimId(records));
  // The steps are announced with the next record, which is on disk before the first of them and takes this one along.
  const written = yield* ask({ kind: 'append', record: opened, sync: plan.steps.length === 0 });
  if (written.kind === 'failed') return { kind: 'refused', refusals: [unwritable(written.says)] };
  const failure = (yield* runSteps(opened.claim, plan.steps)).failure ?? (yield* verify(plan));
  if (failure !== undefined) return yield* rollBack(opened.claim, failure);
  const committed = yield* ask({ kind: 'append', record: { kind: 'committed', claim: opened.claim }, sync: true });
  if (committed.kind === 'failed') return yield* rollBack(opened.claim, { kind: 'journal', says: committed.says });
  return { kind: 'claimed', claim: yield* ownState(opened.claim) };
}

const AGAIN = 'make the plan again';

const notKnown = (what: string): Refusal =>
  refusal('not-known', `it is not known ${what}`, 'make the plan on the machine itself');

const unwritable = (says: string): Refusal =>
  refusal('journal', `the journal cannot be written: ${says}`, 'make room, or name another place with --state');

/** What was read for the plan must hold still, now that nobody else can act. */
function changes(members: Plan['claimed'], now: ReadonlyMap<string, DeviceNow>): readonly Refusal[] {
  return members.flatMap((member) => {
    const { device } = member;
    const found = now.get(device);
    const says = found === undefined ? `${device} is gone` : changeOf(member, found);
    return says === undefined ? [] : [refusal('changed', says, AGAIN, device)];
  });
}

function changeOf(member: Plan['claimed'][number], now: DeviceNow): string | undefined {
  const { device, before } = member;
  const [other] = compareIdentity(member.identity, now.identity);
  if (other !== undefined) return `${device} is another device now (${other.field} ${other.is})`;
  if (now.group !== member.kernelGroup) return `${device} is in kernel group ${now.group ?? 'none'} now`;
  const fields = ['driver', 'override', 'virtualFunctions'] as const;
  const changed = fields.find((field) => !sameField(field, before, now));
  return changed === undefined ? undefined : `${device} has ${changed} ${now[changed] ?? 'none'} now`;
}

const sameField = (field: keyof Binding, a: Binding, b: Binding): boolean => a[field] === b[field];

/** Devices that came into a group of the plan since it was made, and drivers that came to those that stay in it. */
function* changedCompany({ kernelGroups, company, staying }: Plan): Protocol<readonly string[]> {
  const now = yield* ask({ kind: 'company', groups: kernelGroups });
  const before = new Map(staying.map((m) => [m.device, m.driver]));
  return now.flatMap(({ name, driver }) => {
    if (!company.includes(name)) return [`${name} has come into the group`];
    const was = before.get(name);
    return was === undefined || was === driver ? [] : [`${name}, which stays, has ${driver ?? 'no driver'} now`];
  });
}

/**
 * All members once more, after the last write: what was moved first may have been moved again. A device that was put in the
 * place of one that was written to does not have the override; of one that had its driver before, and was not written to,
 * only all that is known of it tells.
 */
function* verify(plan: Plan): Protocol<ClaimFailure | undefined> {
  const written = new Set(plan.steps.map((s) => s.device));
  for (const { device, target } of plan.claimed) {
    if (target === null || !written.has(device)) continue;
    const now = yield* ask({ kind: 'binding', device, fields: ['driver', 'override'] });
    const says = unmet({ driver: target, override: target }, now);
    if (says !== undefined) return { kind: 'changed', says: `${device}: ${says}` };
  }
  const held = plan.claimed.filter((m) => m.target !== null && !written.has(m.device));
  if (held.length > 0) {
    const { devices } = yield* ask({ kind: 'observe', devices: held.map((m) => m.device) });
    const [change] = changes(held, devices);
    if (change !== undefined) return { kind: 'changed', says: change.says };
  }
  const [says] = yield* changedCompany(plan);
  return says === undefined ? undefined : { kind: 'changed', says };
}

function* rollBack(claim: string, failure: ClaimFailure): Protocol<ClaimOutcome> {
  const home = yield* bringHome(yield* ownState(claim), 'failed');
  return { kind: 'rolled-back', claim, failure, home };
}

/** What the journal says of a claim that this very protocol opened. */
function* ownState(claim: string): Protocol<ClaimState> {
  const { records } = yield* ask({ kind: 'read-journal' });
  const found = claimsOf(records).find((c) => c.id === claim);
  if (found === undefined) throw new Error(`claim ${claim} is not in the journal that it was written to`);
  return found;
}

function openedRecord(plan: Plan, boot: string, claim: string): Extract<JournalRecord, { kind: 'opened' }> {
  const { policy, claimed: members, company, component, registers, confirmWithinMs } = plan;
  return {
    kind: 'opened',
    claim,
    boot,
    for: plan.for,
    policy,
    losses: plan.acceptedLosses,
    confirmWithinMs,
    members,
    company,
    component,
    registers,
  };
}
