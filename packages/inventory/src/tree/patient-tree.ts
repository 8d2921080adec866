/**
 * @module Files whose reading waits for somebody who may never come, read by a process of its own that can be left behind.
 *
 * The kernel takes the lock of a device to show its `sriov_numvfs` and, in 6.1 among others, its `driver_override`
 * (drivers/pci/iov.c, pci-sysfs.c), and holds it while a driver binds to the device, lets go of it or resets it: for ever,
 * where that hangs. It takes the lock of a process' memory to show its mappings (fs/proc/task_mmu.c), which may be held for a
 * page of a disk that does not answer. Who waits for the first cannot even be killed. So whoever has to answer all the same
 * does not read these in its own process.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../sysfs/attributes.ts';
import { DEVICES } from '../sysfs/read-function.ts';
import { resolveBelow } from './directory-tree.ts';
import { isReadFailure, type MachineTree, type ReadFailure, readFailure } from './machine-tree.ts';
import { overlayTree } from './overlay-tree.ts';
import { type Answer, readPatiently } from './patient-reader.ts';

const LOCK_TAKING: readonly string[] = ['driver_override', 'sriov_numvfs'];

/** Long enough for the start of a shell on a busy machine, and for most drivers to bind. */
const PATIENCE_MS = 2000;

export interface PatientOptions {
  /** PCI addresses as sysfs writes them: whose attributes are read; all functions where it is left out. */
  readonly devices?: readonly string[];
  /** Whether the mappings of processes that wait for something in the kernel are read, too. */
  readonly mappings?: boolean;
  readonly patienceMs?: number;
}

/**
 * `tree` with those files as they are now. One that does not answer in time is a failure `locked`, and so never read again;
 * each costs its time once.
 *
 * @param root The directory that `tree` shows, as in `createDirectoryTree`.
 */
export async function patientTree(
  tree: MachineTree,
  root: string,
  { devices = namesIn(tree, DEVICES), mappings = false, patienceMs = PATIENCE_MS }: PatientOptions = {},
): Promise<MachineTree> {
  const asked = [
    ...devices.flatMap((device) => attributesOf(tree, root, device)),
    ...(mappings ? waitingProcesses(tree).flatMap((pid) => mappingsOf(root, pid)) : []),
  ];
  const answers = await readPatiently(
    asked.map(({ file }) => file),
    patienceMs,
  );
  const files = new Map<string, () => Uint8Array | ReadFailure>();
  asked.forEach(({ paths }, i) => {
    for (const path of paths) files.set(path, () => contentOf(path, answers[i] as Answer));
  });
  return files.size === 0 ? tree : overlayTree(tree, files);
}

interface AskedFile {
  /** Of this host. */
  readonly file: string;
  /** Its paths in the tree: of an attribute by the address of the device, and by its place. */
  readonly paths: readonly string[];
}

function attributesOf(tree: MachineTree, root: string, device: string): readonly AskedFile[] {
  const directory = `${DEVICES}/${device}`;
  const names = namesIn(tree, directory);
  const place = resolveBelow(root, directory);
  if (isReadFailure(place)) return [];
  return LOCK_TAKING.flatMap((name): readonly AskedFile[] => {
    const file = join(root, place, name);
    if (!names.includes(name) || !isFile(file)) return [];
    return [{ file, paths: [`${directory}/${name}`, `${place}/${name}`] }];
  });
}

function mappingsOf(root: string, pid: string): readonly AskedFile[] {
  const path = `proc/${pid}/maps`;
  const file = join(root, path);
  return isFile(file) ? [{ file, paths: [path] }] : [];
}

/** With a thread that no signal reaches (`D`): only such a one holds the lock of its memory for long. */
function waitingProcesses(tree: MachineTree): readonly string[] {
  return namesIn(tree, 'proc').filter(
    (pid) =>
      /^\d+$/.test(pid) &&
      namesIn(tree, `proc/${pid}/task`).some((tid) => {
        const stat = readText(tree, `proc/${pid}/task/${tid}/stat`);
        return !isReadFailure(stat) && stat.slice(stat.lastIndexOf(')') + 1).startsWith(' D');
      }),
  );
}

function namesIn(tree: MachineTree, path: string): readonly string[] {
  const names = tree.list(path);
  return isReadFailure(names) ? [] : names;
}

/** A device node may act on being opened, and a link lead anywhere. A pipe at worst does not answer, as a driver may not. */
function isFile(file: string): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true || stat?.isFIFO() === true;
}

function contentOf(path: string, answer: Answer): Uint8Array | ReadFailure {
  return typeof answer === 'string' ? new TextEncoder().encode(answer) : readFailure(answer.reason, path);
}
