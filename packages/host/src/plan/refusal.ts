/**
 * @module Why nothing is done: typed, each with the sentence and what would help.
 */

export type RefusalKind =
  /** A device that comes along was not accepted. */
  | 'not-accepted'
  | 'not-pci'
  | 'only-bridges'
  | 'policy'
  | 'virtual-functions'
  /** Neither there nor to be loaded. */
  | 'no-such-driver'
  /** The host would lose something. */
  | 'loss'
  /** The plan leaves something open: it was made of a snapshot. */
  | 'not-known'
  /** The machine is not as it was when the plan was made. */
  | 'changed'
  /** Another claim has the device. */
  | 'claimed'
  /** Another command is in the middle of this device, or was interrupted there. */
  | 'interrupted'
  | 'in-use'
  /** Something in the kernel holds the lock of the device: what it is like cannot be read, nor anything be done. */
  | 'locked'
  /** Another command acts now. */
  | 'busy'
  | 'journal'
  | 'no-such-claim'
  | 'not-held'
  | 'other-boot'
  /** Whether a claim is of this boot or of an earlier one cannot be told. */
  | 'boot-unknown'
  | 'other-device';

export interface Refusal {
  readonly kind: RefusalKind | (string & {});
  /** The device in the way, where it is one. */
  readonly device?: string;
  /** A sentence without a full stop. */
  readonly says: string;
  /** What would help, as an instruction. */
  readonly fix: string;
}

export const refusal = (kind: RefusalKind, says: string, fix: string, device?: string): Refusal =>
  Object.freeze(device === undefined ? { kind, says, fix } : { kind, says, fix, device });

export const BOOT_UNKNOWN: Refusal = refusal(
  'boot-unknown',
  'the boot cannot be told, so neither which claims are of an earlier one',
  'make proc/sys/kernel/random/boot_id of this machine readable',
);

export const lockedSays = (device: string): string =>
  `something in the kernel holds the lock of ${device} and does not let it go`;

/** @param says Who holds it, where that is known. */
export const lockedRefusal = (device: string, says: string = lockedSays(device)): Refusal =>
  refusal('locked', says, `isogroups doctor ${device} says what holds it`, device);
