/**
 * @module The answer of `why-not` as data.
 */
import type { ErrorCause } from './error-patterns.ts';
import type { Handover } from './handover.ts';
import type { Hindrance } from './hindrance.ts';

export interface WhyNotData extends Omit<Handover, 'hindrances'> {
  readonly kind: 'why-not';
  readonly policy: string;
  /** The pasted text, where the question was one. */
  readonly error: ErrorData | null;
  readonly hindrances: readonly (Omit<Hindrance, 'steps' | 'acceptedBy'> & { readonly acceptedBy: string | null })[];
}

export interface ErrorData {
  readonly program: string | null;
  readonly cause: ErrorCause | null;
  readonly means: string | null;
  /** All addresses and group numbers in it. */
  readonly devices: readonly string[];
  readonly groups: readonly number[];
  /** Whether the facts of the machine show the cause. */
  readonly confirmed: 'yes' | 'no' | 'unknown';
  readonly facts: readonly string[];
  /** Where the text and the machine do not fit together. */
  readonly remarks: readonly string[];
  readonly advice: readonly string[];
}
