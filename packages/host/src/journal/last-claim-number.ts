/**
 * @module Numbers of claims, which are not given twice.
 */
import type { DatedRecord } from './record.ts';

/** 0: there was none. */
export function lastClaimNumber(records: readonly DatedRecord[]): number {
  let last = 0;
  for (const record of records) {
    if (record.kind === 'opened') last = Math.max(last, Number(record.claim.slice(1)));
    if (record.kind === 'continued') last = Math.max(last, record.claims);
  }
  return last;
}
