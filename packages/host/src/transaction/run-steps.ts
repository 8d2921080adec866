/**
 * @module Announces steps in the journal, does them one by one, and looks after each whether it did what it says.
 */
import type { WriteOutcome, WriterIdentity } from '../kernel-files/kernel-files.ts';
import type { Step } from '../plan/step.ts';
import { ask, type Protocol } from './effect.ts';
import type { BindingField } from './observation.ts';
import { unmet } from './unmet.ts';

export type StepFailure =
  | { readonly kind: 'errno'; readonly step: Step; readonly errno: string; readonly says: string }
  /** The kernel said that it was done; what is seen of the device says otherwise. */
  | { readonly kind: 'not-so'; readonly step: Step; readonly says: string }
  | {
      readonly kind: 'stuck';
      readonly step: Step;
      readonly writer: WriterIdentity;
      readonly deadlineMs: number;
      /** Why the journal could not be told. Only the announcement says then that it may be in the kernel. */
      readonly unrecorded: string | undefined;
    }
  /** The journal could not be written, so the kernel's files were not either. */
  | { readonly kind: 'journal'; readonly says: string };

/** How many of the steps were tried, and what became of the last one of these. */
export interface StepsRun {
  readonly tried: number;
  readonly failure: StepFailure | undefined;
}

/** Stops at the first failure. */
export function* runSteps(claim: string, steps: readonly Step[]): Protocol<StepsRun> {
  if (steps.length === 0) return { tried: 0, failure: undefined };
  const writer = yield* ask({ kind: 'writer' });
  const announced = yield* ask({ kind: 'append', record: { kind: 'intent', claim, steps, writer }, sync: true });
  if (announced.kind === 'failed') return { tried: 0, failure: { kind: 'journal', says: announced.says } };
  let tried = 0;
  for (const step of steps) {
    const failure = yield* runStep(claim, step);
    tried += 1;
    if (failure !== undefined) return { tried, failure };
  }
  return { tried, failure: undefined };
}

/**
 * The outcome is recorded for people, and so that a later reader knows which of the announced steps can be in the kernel
 * still: losing it costs nothing, so it reaches the disk with the next record that must.
 */
function* runStep(claim: string, step: Step): Protocol<StepFailure | undefined> {
  const { device, why } = step;
  const outcome = yield* ask({ kind: 'do', step });
  if (outcome.kind === 'stuck') {
    const { writer, deadlineMs } = outcome;
    const record = { kind: 'stuck', claim, step, writer, deadlineMs } as const;
    const told = yield* ask({ kind: 'append', record, sync: true });
    const unrecorded = told.kind === 'failed' ? told.says : undefined;
    return { kind: 'stuck', step, writer, deadlineMs, unrecorded };
  }
  const failure = yield* failureOf(step, outcome);
  if (failure !== undefined) {
    const { says } = failure;
    const errno = failure.kind === 'errno' ? failure.errno : null;
    yield* ask({ kind: 'append', record: { kind: 'failed', claim, device, why, errno, says }, sync: false });
    return failure;
  }
  const told = yield* ask({ kind: 'append', record: { kind: 'done', claim, device, why }, sync: false });
  // With this record missing and later ones there, a later reader would take one step for another.
  return told.kind === 'failed' ? { kind: 'journal', says: told.says } : undefined;
}

type Returned = Exclude<WriteOutcome, { readonly kind: 'stuck' }>;

/**
 * By what is seen, where anything can be. What the kernel refused may have come about without it: a driver that has let go by
 * itself.
 */
function* failureOf(
  step: Step,
  outcome: Returned,
): Protocol<Extract<StepFailure, { says: string; step: Step }> | undefined> {
  const { device, expects } = step;
  const fields = Object.keys(expects) as BindingField[];
  const refused = outcome.kind === 'errno' ? { ...outcome, step } : undefined;
  if (fields.length === 0) return refused;
  const says = unmet(expects, yield* ask({ kind: 'binding', device, fields }));
  return says === undefined ? undefined : (refused ?? { kind: 'not-so', step, says });
}
