/**
 * @module Acts on the live Linux host: takes whole groups away from it and gives them back.
 */
export { DIRECT_REGION_FIX, directRegionSentence } from './conditions/direct-regions.ts';
export { findRefusals } from './conditions/find-refusals.ts';
export type { KernelRefusal, KernelRefusalKind } from './conditions/kernel-refusal.ts';
export { type MemberVerdict, memberVerdict } from './conditions/member-verdict.ts';
export { ALLOW_UNSAFE_INTERRUPTS, allowedOnCommandLine } from './conditions/unsafe-interrupts.ts';
export { type DriverVerdict, isVfioDriver } from './conditions/viability.ts';
export { findLosses } from './guard/find-losses.ts';
export type { Evidence, Loss, LossEffect, LossKind } from './guard/loss.ts';
