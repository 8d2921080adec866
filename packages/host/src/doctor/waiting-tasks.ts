/**
 * @module Tasks that are taking a device away and are stuck in it.
 */
import { isReadFailure, type MachineTree, readText } from '@isogroups/inventory';
import { namesAt, textAt } from '../files.ts';
import { openFilesOf, processesOf } from '../guard/processes.ts';
import { driverOf } from '../guard/served.ts';
import { pciDevice } from '../kernel-files/device-files.ts';
import { UNBINDING, WAITS } from './waits.ts';

export interface WaitingTask {
  readonly pid: string;
  readonly command: string;
  /** `D`: nothing can interrupt it, not even SIGKILL. */
  readonly state: string;
  /** Whether it is this device that is being taken away; where the kernel does not tell, `perhaps`. */
  readonly concerns: 'yes' | 'perhaps';
  /** The file of sysfs that was written to: `/sys/bus/pci/drivers/nvme/unbind`. */
  readonly file: string | null;
  /** A clause: "until …"; null where the stack tells nothing that is known. */
  readonly waits: string | null;
  /** Functions, the innermost first; null where it may not be read. */
  readonly stack: readonly string[] | null;
}

/** Files whose writing ends when the kernel is through. */
const ACTING = /^\/sys\/.*\/(?:unbind|bind|remove|reset|drivers_probe|sriov_numvfs)$/;

/** @param driver of the device; a device that is being unbound has none any more */
export function waitingTasks(tree: MachineTree, device: string, driver: string | undefined): readonly WaitingTask[] {
  return processesOf(tree).flatMap((pid) => {
    const files = writtenFiles(tree, pid);
    return namesAt(tree, `proc/${pid}/task`).flatMap((tid) => taskOf(tree, pid, tid, files, device, driver) ?? []);
  });
}

/**
 * Tasks that are in the middle of taking this very device away, as far as can be told. Its driver is out of sysfs before it
 * is asked to let go, and most drivers switch the device off last: `enable` counts who has it on.
 */
export function takenAwayBy(tree: MachineTree, device: string): readonly WaitingTask[] {
  if (driverOf(tree, device) !== undefined) return [];
  const isOff = textAt(tree, `${pciDevice(device)}/enable`) === '0';
  return waitingTasks(tree, device, undefined).filter(({ concerns }) => concerns === 'yes' || !isOff);
}

function writtenFiles(tree: MachineTree, pid: string): readonly string[] {
  const open = openFilesOf(tree, pid);
  return isReadFailure(open) ? [] : open.map(({ target }) => target).filter((target) => ACTING.test(target));
}

function taskOf(
  tree: MachineTree,
  pid: string,
  tid: string,
  files: readonly string[],
  device: string,
  driver: string | undefined,
): WaitingTask | undefined {
  const directory = `proc/${pid}/task/${tid}`;
  const stat = textAt(tree, `${directory}/stat`) ?? '';
  const state = stat.slice(stat.lastIndexOf(')') + 1).trim()[0] ?? '?';
  if (state !== 'D' && files.length === 0) return undefined;
  const stack = stackOf(tree, directory);
  const [file = null] = files;
  const unbinds = stack?.some((symbol) => UNBINDING.has(symbol)) ?? (state === 'D' && file !== null);
  if (!unbinds || !mayConcern(file, device, driver)) return undefined;
  const wait = stack === null ? undefined : WAITS.find(({ matches }) => stack.some((symbol) => matches.test(symbol)));
  return {
    pid,
    command: textAt(tree, `${directory}/comm`) ?? textAt(tree, `proc/${pid}/comm`) ?? 'a task of unknown name',
    state,
    concerns: file?.includes(`/${device}/`) === true ? 'yes' : 'perhaps',
    file,
    waits: wait?.says ?? null,
    stack,
  };
}

/** `[<0>] nvme_remove+0x1f/0x120 [nvme]`, the innermost first; for root alone. */
function stackOf(tree: MachineTree, directory: string): readonly string[] | null {
  const text = readText(tree, `${directory}/stack`);
  if (isReadFailure(text)) return null;
  return text.split('\n').flatMap((line) => /^\[<[0-9a-f]*>\] ([\w.]+)\+/.exec(line)?.[1] ?? []);
}

/** The file of a driver says which driver, and not which device: the one whose driver it is, or one that has lost its. */
function mayConcern(file: string | null, device: string, driver: string | undefined): boolean {
  if (file === null || file.includes(`/${device}/`)) return true;
  const other = /\/[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]\//.test(file);
  const named = /\/drivers\/([^/]+)\//.exec(file)?.[1];
  return !other && (named === undefined || driver === undefined || named === driver);
}
