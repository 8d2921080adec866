/**
 * @module What the router asks of the IOMMU units.
 */
import type { StopReason } from './outcome.ts';

/** Answers of `translate` that are no address. */
export const FAULT: Readonly<Record<'noEntry' | 'noMapping' | 'translatedNotAllowed', number>> = Object.freeze({
  /** Nothing is programmed for the requester id. */
  noEntry: -1,
  /** Its domain does not map the address, or not for this access. */
  noMapping: -2,
  /** Marked as translated, and the entry of the requester does not admit that. */
  translatedNotAllowed: -3,
});

export interface Translation {
  /**
   * The physical address that a request ends at, or one of FAULT. An id that no unit translates reaches its address as it
   * is.
   *
   * @param requester segment × 65536 + requester id.
   * @param address as in the packet, bytes.
   * @param translated Address Type 10.
   */
  translate(requester: number, address: number, write: boolean, translated: boolean): number;
}

const REASONS: readonly StopReason[] = ['no-entry', 'no-mapping', 'translated-not-allowed'];

export function reasonOf(fault: number): StopReason {
  return REASONS[-1 - fault] ?? 'no-entry';
}
