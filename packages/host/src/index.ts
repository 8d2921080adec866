/**
 * @module Acts on the live Linux host: takes whole groups away from it and gives them back.
 */
export { findLosses } from './guard/find-losses.ts';
export type { Evidence, Loss, LossEffect, LossKind } from './guard/loss.ts';
