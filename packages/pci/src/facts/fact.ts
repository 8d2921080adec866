/**
 * @module What a source could tell about something, with "could not be read" kept apart from "is not there".
 */

/** A fact that the source could not tell. Never to be treated as "absent". */
export interface Unknown {
  readonly kind: 'unknown';
  /** Why it is not known, as a clause: "configuration space ends at byte 64". */
  readonly why: string;
  /** What would decide it, as an instruction: "run as root". */
  readonly decidedBy: string;
  /** When the source narrows it down: the numbers that it can be (ids that share one name in pci.ids). */
  readonly candidates?: readonly number[];
}

/** A value that a source may not have been able to tell. `null` inside `T` means: known to be absent. */
export type Fact<T> = T | Unknown;

export function unknown(why: string, decidedBy: string, candidates?: readonly number[]): Unknown {
  return Object.freeze(
    candidates === undefined
      ? { kind: 'unknown', why, decidedBy }
      : { kind: 'unknown', why, decidedBy, candidates: Object.freeze([...candidates]) },
  );
}

export function isUnknown(fact: unknown): fact is Unknown {
  return typeof fact === 'object' && fact !== null && (fact as { kind?: unknown }).kind === 'unknown';
}

/** The value where it is known, `undefined` where it is not. */
export function known<T>(fact: Fact<T>): T | undefined {
  return isUnknown(fact) ? undefined : (fact as T);
}
