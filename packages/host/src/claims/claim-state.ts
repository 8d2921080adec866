/**
 * @module The claims of a journal: its records, folded.
 */
import { lastClaimNumber } from '../journal/last-claim-number.ts';
import type { DatedRecord, Difference, JournalRecord, ReturnReason } from '../journal/record.ts';
import type { WriterIdentity } from '../kernel-files/kernel-files.ts';
import type { Step } from '../plan/step.ts';

type Opened = Extract<JournalRecord, { kind: 'opened' }>;

export interface ClaimState extends Omit<Opened, 'kind' | 'claim' | 'component'> {
  /** `c1`, `c2`, … in the order of the journal. */
  readonly id: string;
  /**
   * `opening` and `returning` outside of a running command mean that it was interrupted. `held` is the only state in which
   * somebody may rely on the devices.
   */
  readonly status: 'opening' | 'held' | 'returning' | 'ended';
  readonly openedAt: string;
  /** Of a record that has none: its company. */
  readonly component: readonly string[];
  readonly heldSince: string | undefined;
  readonly confirmed: boolean;
  readonly endedAt: string | undefined;
  readonly endedBecause: ReturnReason | 'reboot' | undefined;
  readonly differences: readonly Difference[];
  /** Announced and without an outcome: the first of them may be in the kernel still, the others were never begun. */
  readonly open: readonly Step[];
  /** Who does them. */
  readonly writer: WriterIdentity | undefined;
  /** Writes that did not return, the latest of each device. */
  readonly stuck: ReadonlyMap<string, StuckWrite>;
}

interface StuckWrite {
  readonly step: Step;
  readonly writer: WriterIdentity;
  readonly since: string;
}

type Changing = { -readonly [K in keyof ClaimState]: ClaimState[K] } & { stuck: Map<string, StuckWrite> };

/** In the order in which they were opened. */
export function claimsOf(records: readonly DatedRecord[]): readonly ClaimState[] {
  const claims = new Map<string, Changing>();
  for (const record of records) {
    if (record.kind === 'mended' || record.kind === 'continued') continue;
    if (record.kind === 'opened') claims.set(record.claim, open(record));
    else apply(claims.get(record.claim), record);
  }
  return [...claims.values()];
}

export const isUnderWay = ({ status }: ClaimState): boolean => status === 'opening' || status === 'returning';
export const isStanding = ({ status }: ClaimState): boolean => status !== 'ended';

/** What claims of this boot have written as `driver_override`, by device: no other tool did. None where the boot cannot be told. */
export function ownOverrides(claims: readonly ClaimState[], boot: string | undefined): ReadonlyMap<string, string> {
  const standing = claims.filter((claim) => isStanding(claim) && claim.boot === boot);
  return new Map(
    standing.flatMap((claim) =>
      claim.members.flatMap(({ device, target }) => (target === null ? [] : [[device, target] as const])),
    ),
  );
}

export function nextClaimId(records: readonly DatedRecord[]): string {
  return `c${lastClaimNumber(records) + 1}`;
}

function open({ kind: _, claim, at, ...record }: Opened & { readonly at: string }): Changing {
  return {
    ...record,
    component: record.component ?? record.company,
    id: claim,
    status: 'opening',
    openedAt: at,
    heldSince: undefined,
    confirmed: false,
    endedAt: undefined,
    endedBecause: undefined,
    differences: [],
    open: [],
    writer: undefined,
    stuck: new Map(),
  };
}

type Later = Exclude<DatedRecord, { kind: 'opened' | 'mended' | 'continued' }>;

function apply(claim: Changing | undefined, record: Later): void {
  if (claim === undefined) return;
  switch (record.kind) {
    case 'intent':
      claim.open = record.steps;
      claim.writer = record.writer;
      return;
    case 'done':
      claim.open = claim.open.slice(1);
      claim.stuck.delete(record.device);
      return;
    // What follows is announced anew, if it is done at all.
    case 'failed':
      claim.open = [];
      claim.stuck.delete(record.device);
      return;
    case 'stuck':
      claim.open = [];
      claim.stuck.set(record.step.device, { step: record.step, writer: record.writer, since: record.at });
      return;
    case 'committed':
      claim.status = 'held';
      claim.heldSince = record.at;
      claim.open = [];
      return;
    case 'confirmed':
      claim.confirmed = true;
      return;
    case 'returning':
      claim.status = 'returning';
      claim.open = [];
      return;
    case 'paused':
      claim.differences = record.differences;
      claim.open = [];
      return;
    case 'ended':
      claim.status = 'ended';
      claim.endedAt = record.at;
      claim.endedBecause = record.because;
      claim.differences = record.differences;
      claim.open = [];
      return;
  }
}
