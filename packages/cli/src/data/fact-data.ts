/**
 * @module Facts as JSON: a value, null for "known to be absent", or an object that says why it is not known.
 */
import { type Fact, isUnknown } from '@isogroups/pci';

interface UnknownData {
  readonly unknown: string;
  readonly decidedBy: string;
}

/** @param map from the known value to JSON; the value as it is without one. */
export function factData<T>(fact: Fact<T>, map: (value: T) => unknown = (value) => value): unknown {
  return isUnknown(fact) ? ({ unknown: fact.why, decidedBy: fact.decidedBy } satisfies UnknownData) : map(fact as T);
}

/** `0x8086` with at least `width` digits. */
export function hexData(value: number | bigint, width = 1): string {
  return `0x${value.toString(16).padStart(width, '0')}`;
}
