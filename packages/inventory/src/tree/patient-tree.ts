/**
 * @module Attributes whose reading waits for a driver, read by a process of its own that can be left behind.
 *
 * The kernel takes the lock of a device to show its `sriov_numvfs` and, in 6.1 among others, its `driver_override`
 * (drivers/pci/iov.c, pci-sysfs.c), and holds it while a driver binds to the device, lets go of it or resets it: for ever,
 * where that hangs. No signal reaches who waits for it, not even SIGKILL. So whoever has to answer all the same does not read
 * these in its own process.
 */
import { spawn } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { DEVICES } from '../sysfs/read-function.ts';
import { resolveBelow } from './directory-tree.ts';
import { isReadFailure, type MachineTree, type ReadFailure, readFailure } from './machine-tree.ts';
import { overlayTree } from './overlay-tree.ts';

const LOCK_TAKING: readonly string[] = ['driver_override', 'sriov_numvfs'];

/** Long enough for the start of a shell on a busy machine, and for most drivers to bind. */
const PATIENCE_MS = 2000;

/**
 * `tree` with those attributes of these functions as they are now. One that does not answer in time is a failure `locked`,
 * and so never read again; each costs its time once.
 *
 * @param root The directory that `tree` shows, as in `createDirectoryTree`.
 * @param devices PCI addresses as sysfs writes them; all functions where it is left out.
 */
export async function patientTree(
  tree: MachineTree,
  root: string,
  devices: readonly string[] = functionsOf(tree),
  patienceMs: number = PATIENCE_MS,
): Promise<MachineTree> {
  const asked = devices.flatMap((device) => attributesOf(tree, root, device));
  const answers = await readPatiently(
    asked.map(({ file }) => file),
    patienceMs,
  );
  const files = new Map<string, () => Uint8Array | ReadFailure>();
  asked.forEach(({ names }, i) => {
    for (const name of names) files.set(name, () => contentOf(name, answers[i] as Answer));
  });
  return files.size === 0 ? tree : overlayTree(tree, files);
}

function functionsOf(tree: MachineTree): readonly string[] {
  const names = tree.list(DEVICES);
  return isReadFailure(names) ? [] : names;
}

interface Attribute {
  /** The file of this host. */
  readonly file: string;
  /** Its paths in the tree: by the address of the device, and by its place. */
  readonly names: readonly string[];
}

function attributesOf(tree: MachineTree, root: string, device: string): readonly Attribute[] {
  const directory = `${DEVICES}/${device}`;
  const names = tree.list(directory);
  const place = resolveBelow(root, directory);
  if (isReadFailure(names) || isReadFailure(place)) return [];
  return LOCK_TAKING.flatMap((name): readonly Attribute[] => {
    const file = join(root, place, name);
    if (!names.includes(name) || !isFile(file)) return [];
    return [{ file, names: [`${directory}/${name}`, `${place}/${name}`] }];
  });
}

/** A device node may act on being opened, and a link lead anywhere. A pipe at worst does not answer, as a driver may not. */
function isFile(file: string): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true || stat?.isFIFO() === true;
}

function contentOf(path: string, answer: Answer): Uint8Array | ReadFailure {
  return typeof answer === 'string' ? new TextEncoder().encode(`${answer}\n`) : readFailure(answer.reason, path);
}

/** The first line of a file, or why there is none. */
type Answer = string | { readonly reason: 'locked' | 'io' };

/** Short enough for the arguments of a program. */
const MOST_AT_ONCE = 1000;

async function readPatiently(files: readonly string[], patienceMs: number): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < files.length) {
    const next = files.slice(answers.length, answers.length + MOST_AT_ONCE);
    const { lines, stalled } = await firstLines(next, patienceMs);
    answers.push(...lines);
    if (stalled) answers.push({ reason: 'locked' });
    else if (lines.length < next.length)
      answers.push(...next.slice(lines.length).map(() => ({ reason: 'io' }) as const));
  }
  return answers;
}

/** For each file its first line behind `=`, as soon as it is read, or `!`. */
const SCRIPT = `for file do if IFS= read -r line < "$file"; then printf '=%s\\n' "$line"; else echo '!'; fi 2> /dev/null; done`;

/** @returns what came before nothing came for so long (`stalled`), or before the end. */
function firstLines(
  files: readonly string[],
  patienceMs: number,
): Promise<{ readonly lines: readonly Answer[]; readonly stalled: boolean }> {
  return new Promise((resolve) => {
    const reader = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ...files], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    let text = '';
    const end = (stalled: boolean): void => {
      clearTimeout(timer);
      reader.stdout.destroy();
      const lines = text.split('\n').slice(0, -1);
      resolve({ lines: lines.map((line) => (line === '!' ? { reason: 'io' } : line.slice(1))), stalled });
    };
    const leave = (): void => {
      // It dies when the kernel lets it go, and reads nothing more then.
      reader.kill('SIGKILL');
      end(true);
    };
    const timer = setTimeout(leave, patienceMs);
    reader.unref();
    reader.on('error', () => end(false));
    reader.stdout.setEncoding('utf8');
    reader.stdout.on('data', (chunk: string) => {
      text += chunk;
      timer.refresh();
    });
    reader.stdout.on('end', () => end(false));
  });
}
