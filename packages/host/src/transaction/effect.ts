/**
 * @module What a protocol asks of the world, one thing at a time. A protocol is a generator over these: the same code runs
 * against a machine, against a fake kernel, and through every interleaving that the exploration can make.
 */
import type { AppendOutcome, LockOutcome } from '../journal/journal-store.ts';
import type { Journal } from '../journal/parse-journal.ts';
import type { JournalRecord } from '../journal/record.ts';
import type { WriteOutcome, WriterIdentity } from '../kernel-files/kernel-files.ts';
import type { Plan } from '../plan/plan.ts';
import type { Refusal } from '../plan/refusal.ts';
import type { Step } from '../plan/step.ts';
import type { Binding, BindingField, GroupMemberNow, Observation } from './observation.ts';

export type Effect =
  | { readonly kind: 'lock' }
  | { readonly kind: 'unlock' }
  | { readonly kind: 'read-journal' }
  | { readonly kind: 'append'; readonly record: JournalRecord; readonly sync: boolean }
  | { readonly kind: 'observe'; readonly devices: readonly string[] }
  /** What is asked of one device, a small file each. */
  | { readonly kind: 'binding'; readonly device: string; readonly fields: readonly BindingField[] }
  /** The members of kernel groups as they are now. */
  | { readonly kind: 'company'; readonly groups: readonly number[] }
  /** What host and kernel have against the plan, looked at anew unless nothing can have changed. */
  | { readonly kind: 'objections'; readonly plan: Plan }
  /** Who has the VFIO files of these devices open. */
  | { readonly kind: 'users'; readonly devices: readonly string[] }
  | { readonly kind: 'writer' }
  /** Gives the writer a moment to end; true: it is inside the kernel still. */
  | { readonly kind: 'linger'; readonly writer: WriterIdentity }
  | { readonly kind: 'do'; readonly step: Step };

interface Answers {
  readonly lock: LockOutcome;
  readonly unlock: undefined;
  readonly 'read-journal': Journal;
  readonly append: AppendOutcome;
  readonly observe: Observation;
  /** Undefined: there is no such device. */
  readonly binding: Partial<Binding> | undefined;
  readonly company: readonly GroupMemberNow[];
  readonly objections: readonly Refusal[];
  /** By device, sentences like "qemu (pid 812)". Absent: nobody that can be seen. */
  readonly users: ReadonlyMap<string, readonly string[]>;
  readonly writer: WriterIdentity;
  readonly linger: boolean;
  readonly do: WriteOutcome;
}

export type AnswerTo<E extends Effect> = Answers[E['kind']];

/** Runs to its end by being told, each time, the answer to the effect that it yielded. Keeps no state outside of itself. */
export type Protocol<Result> = Generator<Effect, Result, unknown>;

/** The one place where an answer is taken to be of the effect's kind: who performs effects is typed by `AnswerTo`. */
export function* ask<E extends Effect>(effect: E): Generator<Effect, AnswerTo<E>, unknown> {
  return (yield effect) as AnswerTo<E>;
}
