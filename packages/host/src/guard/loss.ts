/**
 * @module What the host would lose with a device, as data: one item for each thing that somebody would miss.
 */

/** A file of the machine, by its path from the root (`proc/self/mountinfo`), and what it says. */
export interface Evidence {
  readonly file: string;
  readonly says: string;
}

export type LossKind =
  /** A file system in use, the root file system, one that the machine starts from. */
  | 'mount'
  | 'root'
  | 'boot'
  | 'swap'
  /** Named in /etc/fstab and not in use now. */
  | 'fstab'
  /** A disk that the kernel serves to other machines. */
  | 'exported'
  /** The journal of a file system whose data is on another disk. */
  | 'journal'
  /** A block device made of others that nothing else names: a volume, an array, an encrypted disk that is open. */
  | 'stack'
  | 'default-route'
  | 'route'
  | 'ssh-session'
  | 'address'
  /** Something made of interfaces: a bond, a bridge, a VLAN, a tunnel. */
  | 'interface'
  /** A program receives all packets of an interface. */
  | 'packets'
  /** A file system or disk that is reached through the network. */
  | 'remote-storage'
  | 'virtual-functions'
  | 'functions-behind'
  | 'boot-display'
  | 'display'
  | 'keyboard'
  | 'console'
  | 'open-file'
  /** Another tool has the device, or will have it after the next start. */
  | 'other-claim'
  /** An area that could not be looked into. */
  | 'unread';

/**
 * `lost`: it stops. `degraded`: it goes on without its redundancy. `undecided`: a fact is missing; `decidedBy` says what
 * would tell.
 */
export type LossEffect = 'lost' | 'degraded' | 'undecided';

export interface Loss {
  readonly kind: LossKind;
  /** The same for the same thing at every run: `mount:/home`, `default-route`, `interface:bond0`. */
  readonly item: string;
  /** The leaving function on whose account it is lost: `0000:01:00.0`. */
  readonly device: string;
  readonly effect: LossEffect;
  /** A sentence without a full stop. */
  readonly says: string;
  readonly evidence: readonly Evidence[];
  /** An instruction; only where the effect is undecided. */
  readonly decidedBy?: string;
}

export const evidence = (file: string, says: string): Evidence => Object.freeze({ file, says });

export function loss(parts: Loss): Loss {
  return Object.freeze({ ...parts, evidence: Object.freeze([...parts.evidence]) });
}
