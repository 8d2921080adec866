/**
 * @module What the journal says, as data. One record a line; `kind` first, so that people can read it too.
 */
import type { DeviceIdentity } from '../claims/identity.ts';
import type { WriterIdentity } from '../kernel-files/kernel-files.ts';
import type { AcceptedLoss } from '../plan/acceptance.ts';
import type { Step } from '../plan/step.ts';
import type { Binding } from '../transaction/observation.ts';

/** A member of a claim, with its way home. */
export interface ClaimedMember {
  readonly device: string;
  readonly identity: DeviceIdentity;
  readonly before: Binding;
  /** The driver that it is to have; null: its device goes away (a virtual function of a member). */
  readonly target: string | null;
  readonly kernelGroup: number | null;
}

export type JournalRecord =
  /** Written before anything else: everything that is needed to bring the members home. */
  | {
      readonly kind: 'opened';
      readonly claim: string;
      readonly boot: string;
      readonly for: string | null;
      readonly policy: { readonly name: string; readonly accepted: readonly string[] };
      /** Losses of the host that were accepted, as they were then. */
      readonly losses: readonly AcceptedLoss[];
      /** Given back by itself unless it is confirmed within this time. */
      readonly confirmWithinMs: number | null;
      readonly members: readonly ClaimedMember[];
      /** All members of the kernel's groups, bridges and driverless ones too. */
      readonly company: readonly string[];
      /** All members of the policy's groups, by which no other claim may come near. Absent: written before there was one. */
      readonly component?: readonly string[];
      /** Registers of the members and of the bridges above them that decide the groups, for drift. */
      readonly registers: Readonly<Record<string, string>>;
    }
  /** On disk before the first of `steps` is written. */
  | {
      readonly kind: 'intent';
      readonly claim: string;
      readonly steps: readonly Step[];
      readonly writer: WriterIdentity;
    }
  /** `why` is that of the step. */
  | { readonly kind: 'done'; readonly claim: string; readonly device: string; readonly why: string }
  | {
      readonly kind: 'failed';
      readonly claim: string;
      readonly device: string;
      readonly why: string;
      /** null: the kernel said that it was done, and it was not. */
      readonly errno: string | null;
      readonly says: string;
    }
  /** The write has not returned: it may still take effect at any time. */
  | {
      readonly kind: 'stuck';
      readonly claim: string;
      readonly step: Step;
      readonly writer: WriterIdentity;
      readonly deadlineMs: number;
    }
  | { readonly kind: 'committed'; readonly claim: string }
  | { readonly kind: 'confirmed'; readonly claim: string }
  /** From here on the members are on their way home. */
  | { readonly kind: 'returning'; readonly claim: string; readonly because: ReturnReason }
  /** Some member is not home yet: `recover` goes on. */
  | { readonly kind: 'paused'; readonly claim: string; readonly differences: readonly Difference[] }
  | {
      readonly kind: 'ended';
      readonly claim: string;
      readonly because: ReturnReason | 'reboot';
      /** What could not be made as it was, for good: the device is gone, or somebody else changed it since. */
      readonly differences: readonly Difference[];
    }
  /** What was before is in another file, but for claims that stood; so many had been opened. */
  | { readonly kind: 'continued'; readonly claims: number }
  /** The line before was cut: it had no effect. */
  | { readonly kind: 'mended'; readonly bytes: number };

export type ReturnReason = 'released' | 'failed' | 'interrupted' | 'unconfirmed' | 'given-up';

/** Something that is not as it was before the claim, as a sentence about one device. */
export interface Difference {
  readonly device: string;
  readonly says: string;
}

/** As it stands in the file. */
export type DatedRecord = JournalRecord & { readonly at: string };
