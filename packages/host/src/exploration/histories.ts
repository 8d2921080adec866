/**
 * @module What the journal says, each once: records, and the claims that they fold to.
 */
import { type ClaimState, claimsOf } from '../claims/claim-state.ts';
import type { DatedRecord, JournalRecord } from '../journal/record.ts';

export interface History {
  readonly id: number;
  /** One of the journals that say this. */
  readonly records: readonly DatedRecord[];
  readonly claims: readonly ClaimState[];
  /** With one record more, by its text. */
  readonly next: Map<string, History>;
}

export interface Histories {
  readonly empty: History;
  after(history: History, record: JournalRecord): History;
}

const AT = '2026-01-01T00:00:00.000Z';

/**
 * @param folded Histories are one that nobody tells apart any more. The protocols read a journal through `claimsOf` and the number
 *   of the last claim, which these claims tell too (nothing is put aside here), so two journals with equal claims are answered
 *   alike for ever; of these claims they read what `matters` keeps.
 */
export function createHistories(folded: boolean): Histories {
  const histories = new Map<string, History>();
  const of = (records: readonly DatedRecord[]): History => {
    const claims = claimsOf(records);
    const key = folded ? whatMatters(claims) : JSON.stringify(records);
    let history = histories.get(key);
    if (history === undefined) {
      history = { id: histories.size + 1, records, claims, next: new Map() };
      histories.set(key, history);
    }
    return history;
  };
  return {
    empty: of([]),
    after({ records, next }, record) {
      const text = JSON.stringify(record);
      let history = next.get(text);
      if (history === undefined) {
        history = of([...records, { ...record, at: AT }]);
        next.set(text, history);
      }
      return history;
    },
  };
}

/** Equal for journals that nobody tells apart any more. */
export const whatMatters = (claims: readonly ClaimState[]): string => JSON.stringify(claims.map(matters));

/**
 * That a claim has ended is never taken back, so of such a one only its number matters, and whether it was held (that is
 * what who was told so may look up). Differences are for people.
 */
function matters(claim: ClaimState): unknown {
  if (claim.status === 'ended') return [claim.id, claim.heldSince];
  return { ...claim, differences: [], stuck: [...claim.stuck] };
}
