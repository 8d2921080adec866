/**
 * @module What several pieces of evidence say, said once: "02:00.0 and 02:01.0 lack RR CR UF".
 */
import type { Evidence } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { evidenceSentence } from './interference.ts';
import { listNames } from './party.ts';

interface Clause {
  readonly parties: Set<number>;
  readonly says: (names: string, isOne: boolean) => string;
}

/** Clauses in the order in which they first appear; functions with the same finding share one. */
export function blame(analysis: Analysis, evidence: readonly Evidence[]): string {
  const clauses = new Map<string, Clause>();
  const add = (key: string, party: number | undefined, says: Clause['says']): void => {
    let clause = clauses.get(key);
    if (clause === undefined) {
      clause = { parties: new Set(), says };
      clauses.set(key, clause);
    }
    if (party !== undefined) clause.parties.add(party);
  };
  for (const e of evidence) {
    if (e.kind === 'register' && e.missing.length > 0) {
      const bits = e.missing.join(' ');
      add(`${e.register} ${bits}`, e.party, (names, isOne) => `${names} ${isOne ? 'lacks' : 'lack'} ${bits}`);
    } else if (e.kind === 'no-capability' || e.kind === 'unread') {
      add(`${e.kind} ${e.capability}`, e.party, (names, isOne) => {
        const has = isOne ? 'has' : 'have';
        return e.kind === 'unread'
          ? `whether ${names} ${has} ${e.capability} on was not read`
          : `${names} ${has} no ${e.capability} capability`;
      });
    } else {
      const says = evidenceSentence(analysis, e);
      add(says, undefined, () => says);
    }
  }
  return [...clauses.values()]
    .map(({ parties, says }) => {
      const ascending = [...parties].sort((a, b) => a - b);
      return says(listNames(analysis, ascending), ascending.length === 1);
    })
    .join('; ');
}
