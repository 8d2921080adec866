/**
 * @module Acts on the live Linux host: takes whole groups away from it and gives them back.
 */
export { type ClaimState, claimsOf, isStanding, isUnderWay, ownOverrides } from './claims/claim-state.ts';
export { conflicts } from './claims/conflicts.ts';
export { type FoundAgain, findAgain } from './claims/find-again.ts';
export { type ClaimReport, reportClaims } from './claims/report.ts';
export { DIRECT_REGION_FIX, directRegionSentence } from './conditions/direct-regions.ts';
export { handoverNotes } from './conditions/find-notes.ts';
export { findRefusals } from './conditions/find-refusals.ts';
export type { KernelRefusal, KernelRefusalKind } from './conditions/kernel-refusal.ts';
export { type MemberVerdict, memberVerdict } from './conditions/member-verdict.ts';
export { ALLOW_UNSAFE_INTERRUPTS, allowedOnCommandLine } from './conditions/unsafe-interrupts.ts';
export { type DriverVerdict, isVfioDriver } from './conditions/viability.ts';
export { type Diagnosis, diagnose, type OpenFile } from './doctor/diagnose.ts';
export type { DrmClient } from './doctor/drm-clients.ts';
export type { ModuleUse } from './doctor/module-use.ts';
export type { WaitingTask } from './doctor/waiting-tasks.ts';
export { type AssignedFunction, assignedFunction } from './emit/assigned-function.ts';
export { EMIT_TOOLS, type EmitOptions, type EmitTool, emitFor, withNotes } from './emit/emit.ts';
export type { Emitted } from './emit/emitted.ts';
export { isUserName } from './emit/udev.ts';
export { findLosses } from './guard/find-losses.ts';
export type { Evidence, Loss, LossEffect, LossKind } from './guard/loss.ts';
export { createJournalFile, type JournalStore, JournalUnreadable } from './journal/journal-store.ts';
export type { Difference } from './journal/record.ts';
export type { KernelFiles, WriteOutcome } from './kernel-files/kernel-files.ts';
export { createLiveKernelFiles } from './kernel-files/live-kernel-files.ts';
export { isAccepted } from './plan/acceptance.ts';
export {
  type ComesBy,
  type HandoverSet,
  handoverSet,
  justThese,
  type KernelMembership,
  kernelMembership,
} from './plan/handover-set.ts';
export { makePlan, type PlanRequest, planNow } from './plan/make-plan.ts';
export type { Plan, PlanMember, PlanReset } from './plan/plan.ts';
export { planOfSnapshot } from './plan/plan-of-snapshot.ts';
export type { Refusal } from './plan/refusal.ts';
export { readSigns, type SignsOfChange } from './plan/signs-of-change.ts';
export type { Step } from './plan/step.ts';
export type { HomeReport } from './transaction/bring-home.ts';
export type { ClaimFailure, ClaimOutcome } from './transaction/claim-protocol.ts';
export { claim, confirm, recover, release } from './transaction/commands.ts';
export { confirmable, type HomePlan, planRecovery, planRelease, whenOverdue } from './transaction/forecast.ts';
export { bootOf } from './transaction/observation.ts';
export { DEADLINES, type Deadlines, type World } from './transaction/perform.ts';
export type { ConfirmOutcome, Recovered, RecoverOutcome, ReleaseOutcome } from './transaction/return-protocols.ts';
export { untilOver } from './transaction/until-over.ts';
