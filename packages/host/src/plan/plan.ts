/**
 * @module A plan: what would be written, for whom, and what stands against it. Data; nothing is changed by making one.
 */

import type { Loss } from '../guard/loss.ts';
import type { ClaimedMember } from '../journal/record.ts';
import type { AcceptedLoss } from './acceptance.ts';
import type { Refusal } from './refusal.ts';
import type { SignsOfChange } from './signs-of-change.ts';
import type { Step } from './step.ts';

/** `move`: gets the driver. `held`: has it already. `vanishes`: a virtual function that goes with its owner. */
type MemberRole = 'move' | 'held' | 'vanishes' | 'bridge' | 'driverless';

export interface PlanMember {
  readonly device: string;
  readonly role: MemberRole;
  readonly comesBy: 'asked' | 'kernel-group' | 'policy' | 'physical-function';
  /** On whose account it comes along. */
  readonly with: string | null;
  readonly driver: string | null;
  /** The driver that it gets; null where it gets none. */
  readonly target: string | null;
  readonly kernelGroup: number | null;
}

export interface PlanReset {
  readonly device: string;
  /** In the kernel's order; null: not known. */
  readonly methods: readonly string[] | null;
  /** What is reset with it, where it has no reset of its own. */
  readonly alsoResets: readonly string[];
}

export interface Plan {
  readonly asked: readonly string[];
  readonly for: string | null;
  readonly policy: { readonly name: string; readonly accepted: readonly string[] };
  /** Undefined: it cannot be told, and such a plan is not carried out. */
  readonly boot: string | undefined;
  /** From before the machine was read; absent: a claim looks at everything again. */
  readonly signs?: SignsOfChange;
  readonly members: readonly PlanMember[];
  /** The members that change hands, with their way home. */
  readonly claimed: readonly ClaimedMember[];
  /** All members of the kernel's groups, bridges and driverless ones too. */
  readonly company: readonly string[];
  /** The same of the policy's groups: another claim with one of them could reach this one. */
  readonly component: readonly string[];
  /** Members of the kernel's groups that stay as they are: another driver there would keep the group from VFIO. */
  readonly staying: readonly { readonly device: string; readonly driver: string | null }[];
  readonly registers: Readonly<Record<string, string>>;
  readonly kernelGroups: readonly number[];
  readonly steps: readonly Step[];
  readonly resets: readonly PlanReset[];
  /** What the host loses, accepted or not. */
  readonly losses: readonly Loss[];
  readonly acceptedLosses: readonly AcceptedLoss[];
  readonly confirmWithinMs: number | null;
  /** A plan with refusals is not carried out. */
  readonly refusals: readonly Refusal[];
  /** Clauses: what its source does not tell, and might refuse it ("what the host would lose: …"). None of a running machine. */
  readonly unknown: readonly string[];
  readonly notes: readonly string[];
}
