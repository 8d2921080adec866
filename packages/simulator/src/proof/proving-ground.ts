/**
 * @module A machine ready to be attacked: a domain for each group, the units programmed for it, and a router.
 */
import type { Partition } from '@isogroups/core';
import { createRouter, type Router } from '../fabric/router.ts';
import { createJudge, type Judge } from './judge.ts';
import { arrivals, ownIds } from './own-ids.ts';
import { programTable, type RequesterTable } from './requester-table.ts';
import type { ProofSubject } from './subject.ts';

export interface ProvingGround {
  readonly subject: ProofSubject;
  readonly groups: Partition;
  readonly table: RequesterTable;
  readonly router: Router;
  /** As what each function's own traffic comes to the units: full requester ids. */
  readonly arrivalsOf: readonly (readonly number[])[];
  readonly judge: Judge;
  /** Whether a function uses a 16-bit id of right. */
  isOwnId(function_: number, id: number): boolean;
}

/** @param groups of `subject.graph` under a policy, or another partition of its parties that claims to be as good. */
export function provingGround(subject: ProofSubject, groups: Partition): ProvingGround {
  const { fabric } = subject;
  const arrivalsOf = arrivals(fabric);
  const table = programTable(subject, groups.groupOf, arrivalsOf);
  const own = fabric.functions.map((f) => new Set(ownIds(f)));
  const isOwnId = (i: number, id: number): boolean => own[i]?.has(id) === true;
  return {
    subject,
    groups,
    table,
    router: createRouter(fabric, table),
    arrivalsOf,
    judge: createJudge(subject, groups, table.entries, isOwnId),
    isOwnId,
  };
}
