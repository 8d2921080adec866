/**
 * @module What tells at little cost that a machine has changed since a plan was begun, so that all of it has to be looked
 * at again.
 */
import type { MachineTree } from '@isogroups/inventory';
import { textAt } from '../files.ts';

/** Text of the files; undefined: it could not be read. */
export interface SignsOfChange {
  /** Seconds since the boot, with the time that the machine slept. */
  readonly uptime: number | undefined;
  /** Counts every device and driver that comes, goes, or is bound. */
  readonly deviceEvents: string | undefined;
  /** File systems as the first process has them. */
  readonly mounts: string | undefined;
  readonly swaps: string | undefined;
}

/**
 * Addresses and routes, files that programs open, and mounts in other namespaces give no such sign: they are believed for
 * this long, which is not much longer than it takes to look at them.
 */
const BELIEVED_SECONDS = 1;

/** To be read before anything else of the machine is. */
export function readSigns(tree: MachineTree): SignsOfChange {
  const uptime = Number.parseFloat(textAt(tree, 'proc/uptime') ?? '');
  return Object.freeze({
    uptime: Number.isNaN(uptime) ? undefined : uptime,
    deviceEvents: textAt(tree, 'sys/kernel/uevent_seqnum'),
    mounts: textAt(tree, 'proc/1/mountinfo'),
    swaps: textAt(tree, 'proc/swaps'),
  });
}

/** False also where a sign is unknown. Of the same boot, which the claim has compared before. */
export function showNoChange(before: SignsOfChange | undefined, now: SignsOfChange): boolean {
  if (before?.uptime === undefined || now.uptime === undefined) return false;
  const age = now.uptime - before.uptime;
  if (age < 0 || age > BELIEVED_SECONDS) return false;
  const signs = ['deviceEvents', 'mounts', 'swaps'] as const;
  return signs.every((sign) => before[sign] !== undefined && before[sign] === now[sign]);
}
