/**
 * @module Who holds a device, and what an unbinding of it waits for.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { readFileSystems } from '../guard/block/file-systems.ts';
import { mountNamespaces } from '../guard/block/mount-namespaces.ts';
import { findLosses } from '../guard/find-losses.ts';
import { deviceNodes } from '../guard/holders/device-nodes.ts';
import { findHolders, type Holder } from '../guard/holders/open-files.ts';
import { leavingOf } from '../guard/leaving.ts';
import type { Loss } from '../guard/loss.ts';
import { driverOf } from '../guard/served.ts';
import { isLocked } from '../kernel-files/device-files.ts';
import { type DrmClient, drmClients } from './drm-clients.ts';
import { type ModuleUse, moduleUse } from './module-use.ts';
import { type WaitingTask, waitingTasks } from './waiting-tasks.ts';

/** What a program has open or mapped. */
export type OpenFile = Omit<Holder, 'fate'> & { readonly device: string };

export interface Diagnosis {
  readonly device: string;
  readonly driver: string | null;
  /** null: no driver, or one that is built in. */
  readonly module: ModuleUse | null;
  readonly holders: readonly OpenFile[];
  /** Processes that may not be looked into. */
  readonly unreadProcesses: number;
  /** null: the kernel's list may not be read. */
  readonly drmClients: readonly DrmClient[] | null;
  /** What of the host hangs on it: mounts, addresses, consoles, claims of other tools. */
  readonly uses: readonly Loss[];
  readonly waiting: readonly WaitingTask[];
  /** Something in the kernel holds its lock, for longer than it takes most drivers to bind or to let go. */
  readonly locked: boolean;
  readonly log: readonly string[];
  /** `waiting`: it is being taken away, or the kernel is at work on it otherwise. `undecided`: nothing was found, and not all could be looked into. */
  readonly verdict: 'free' | 'held' | 'waiting' | 'undecided';
}

export interface DiagnoseOptions {
  /** Lines of the kernel's log, oldest first. */
  readonly log: readonly string[];
  /** The overrides of claims that stand: see `ownOverrides`. */
  readonly ours?: ReadonlyMap<string, string>;
}

/**
 * Reads only. Processes of all pid and mount namespaces below the reader's are seen in its own /proc; what runs beside a
 * container is not seen from within.
 *
 * @param tree of a running machine a patient look at the device: what this is asked about is often one whose driver hangs
 */
export function diagnose(tree: MachineTree, device: string, { log, ours }: DiagnoseOptions): Diagnosis {
  const driver = driverOf(tree, device);
  const leaving = leavingOf(tree, [device]);
  const namespaces = mountNamespaces(tree);
  const mounts = isReadFailure(namespaces) ? [] : (namespaces[0]?.mounts ?? []);
  const nodes = deviceNodes(tree, leaving, readFileSystems(tree, leaving, mounts));
  const { holders, unread } = findHolders(tree, leaving, nodes);
  const clients = drmClients(tree, device);
  const uses = findLosses(tree, [device], ours === undefined ? {} : { ours }).filter(
    ({ item }) => !item.startsWith('open:') && item !== 'unread:open-files',
  );
  const waiting = waitingTasks(tree, device, driver);
  const locked = isLocked(tree, device);
  const held = holders.length > 0 || uses.some(({ effect }) => effect !== 'undecided') || (clients ?? []).length > 0;
  const open = unread.length > 0 || clients === undefined || uses.length > 0;
  return Object.freeze({
    device,
    driver: driver ?? null,
    module: (driver === undefined ? undefined : moduleUse(tree, driver)) ?? null,
    holders: holders.map(({ pid, command, path, fate, file }) => ({
      pid,
      command,
      path,
      device: fate.way.device,
      file,
    })),
    unreadProcesses: unread.length,
    drmClients: clients ?? null,
    uses,
    waiting,
    locked,
    log: complaints(log, device),
    verdict: waiting.length > 0 || locked ? 'waiting' : held ? 'held' : open ? 'undecided' : 'free',
  });
}

/** "waiting for eth0 to become free", "blocked for more than 120 seconds", "Device is currently in use, task … blocked". */
const COMPLAINT =
  /waiting for \S+ to become free|blocked for more than \d+ seconds|is currently in use|blocked until device is released/i;
const MOST_LINES = 5;

/** Those that name another device are left out; most name none. */
function complaints(log: readonly string[], device: string): readonly string[] {
  const others = /[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/;
  return log.filter((line) => COMPLAINT.test(line) && (line.includes(device) || !others.test(line))).slice(-MOST_LINES);
}
