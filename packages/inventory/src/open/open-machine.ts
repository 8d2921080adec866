/**
 * @module Opens a machine from whatever the user names: this one, a directory, an archive, a text.
 */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Diagnostic, Machine } from '@isogroups/pci';
import type { NameIndex } from '../names/name-index.ts';
import type { ReadOptions } from '../sysfs/read-machine.ts';
import { isReadFailure, type MachineTree } from '../tree/machine-tree.ts';
import { CannotReadMachine } from './cannot-read-machine.ts';
import { failedToRead, readFileWhole, readStream } from './read-input.ts';
import { recognise } from './recognise.ts';

export interface OpenOptions {
  /** What `-` stands for; `process.stdin` by default. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  /** Names of devices, for texts that print no ids; by default they are loaded when a text is opened. */
  readonly names?: NameIndex;
  /** Whether `driver_override` is read of a running machine, too: a process more, and up to two seconds a driver that hangs. */
  readonly overrides?: boolean;
}

/**
 * `undefined` or `/` is the running machine. A directory is another root or an unpacked snapshot; a file is a snapshot
 * (tar, gzipped or not) or a text made by lspci, by its content and not by its name; `-` is such a file on standard input.
 *
 * @throws CannotReadMachine where there is nothing to read, or nothing that tells of a machine.
 */
export async function openMachine(where: string | undefined, options: OpenOptions = {}): Promise<Machine> {
  return (await openWithFiles(where, options)).machine;
}

export interface OpenedMachine {
  readonly machine: Machine;
  /** The files that it was read from; undefined for a text. */
  readonly tree: MachineTree | undefined;
}

/**
 * As `openMachine`, with the files: for those who want to know more than facts tell, such as how large address ranges are
 * (`machineFrom(machine, tree)` of the simulator).
 *
 * @throws CannotReadMachine
 */
export async function openWithFiles(where: string | undefined, options: OpenOptions = {}): Promise<OpenedMachine> {
  if (where === undefined) return openLive(options);
  if (where === '-') return openBytes(await readStream(options.stdin ?? process.stdin), 'standard input', options);
  const stat = attempt(where, () => statSync(where));
  if (stat.isDirectory()) return resolve(where) === '/' ? openLive(options) : openDirectory(where, options);
  if (stat.isFile()) return openBytes(readFileWhole(where), where, options);
  const message = `${where} is a pipe or a device, which is not opened because it may never end.`;
  throw new CannotReadMachine('not-a-file', where, `${message} To read from a pipe, give - and standard input.`);
}

async function openLive({ overrides = false }: OpenOptions): Promise<OpenedMachine> {
  const [{ createLiveTree }, { readMachine }] = await Promise.all([
    import('../tree/live-tree.ts'),
    import('../sysfs/read-machine.ts'),
  ]);
  const live = createLiveTree();
  const tree = overrides ? await askedPatiently(live, '/') : live;
  return { machine: readMachine(tree, { kind: 'live', label: tree.label }, { overrides }), tree };
}

async function askedPatiently(tree: MachineTree, root: string): Promise<MachineTree> {
  const { patientTree } = await import('../tree/patient-tree.ts');
  return patientTree(tree, root);
}

async function openDirectory(where: string, options: OpenOptions): Promise<OpenedMachine> {
  const { createDirectoryTree } = await import('../tree/directory-tree.ts');
  const tree = attempt(where, () => createDirectoryTree(where));
  if (holdsMachine(tree)) {
    if (isSnapshot(tree)) return readTree(tree, 'snapshot');
    // A container may have the host's running kernel there.
    const { overrides = false } = options;
    return readTree(overrides ? await askedPatiently(tree, where) : tree, 'root', { overrides });
  }
  const names = tree.list('');
  if (isReadFailure(names)) {
    throw new CannotReadMachine('denied', where, `${where} may not be read by you. Run as its owner or as root.`);
  }
  if (names.includes(SNAPSHOT)) return openWithFiles(join(where, SNAPSHOT), options);
  const isSys = names.includes('bus') && names.includes('devices');
  const next = isSys
    ? 'It looks like a copy of /sys: name the directory that it is in (as sys).'
    : `Name the directory that sys and proc are in, or a file made by "isogroups capture".`;
  throw new CannotReadMachine(
    'unrecognised',
    where,
    `${where} holds no machine: there is no sys/bus/pci in it. ${next}`,
    {
      tried: ['another root (sys/bus/pci)', `a directory with ${SNAPSHOT}`],
    },
  );
}

/** The name that captures in a collection have, each in a directory of its own. */
const SNAPSHOT = 'snapshot.tar.gz';

async function openBytes(given: Uint8Array, where: string, options: OpenOptions): Promise<OpenedMachine> {
  let bytes = given;
  let found = recognise(bytes);
  const diagnostics: Diagnostic[] = [];
  const tried: string[] = [];
  if (found.kind === 'gzip') {
    const { gunzip } = await import('../tree/gunzip.ts');
    const unpacked = await gunzip(bytes, where);
    diagnostics.push(...unpacked.diagnostics);
    tried.push('gzip');
    bytes = unpacked.bytes;
    found = recognise(bytes);
  }
  if (found.kind === 'tar') {
    const { createArchiveTree } = await import('../tree/archive-tree.ts');
    const archive = createArchiveTree(bytes, where);
    if (holdsMachine(archive.tree))
      return readTree(archive.tree, 'snapshot', { earlier: [...diagnostics, ...archive.diagnostics] });
    throw unrecognised(where, 'is an archive in which there is no sys/bus/pci', [...tried, 'a tar archive']);
  }
  tried.push('a tar archive');
  if (found.kind === 'other') {
    throw new CannotReadMachine('unrecognised', where, `${where} is ${found.name}. ${found.advice}`, { tried });
  }
  const damage = diagnostics.length > 0 ? ' (its compressed data is damaged)' : '';
  if (found.kind !== 'text') throw unrecognised(where, `is empty${damage}`, tried);
  return openText(new TextDecoder().decode(bytes), where, diagnostics, [...tried, 'text made by lspci'], options);
}

async function openText(
  text: string,
  where: string,
  diagnostics: readonly Diagnostic[],
  tried: readonly string[],
  options: OpenOptions,
): Promise<OpenedMachine> {
  const { parseLspciText } = await import('../lspci/parse-lspci-text.ts');
  const names = options.names ?? (await import('../names/load-names.ts')).loadNames();
  const machine = parseLspciText(text, where, names);
  if (machine.functions.length > 0) {
    const told = Object.freeze({ ...machine, diagnostics: [...diagnostics, ...machine.diagnostics] });
    return { machine: told, tree: undefined };
  }
  const what = /^\s*[[{]/.test(text) ? 'is JSON, and' : 'is a text that';
  const why = machine.diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'it names no device';
  throw unrecognised(where, `${what} cannot be read as one made by lspci (${why})`, tried);
}

function unrecognised(where: string, what: string, tried: readonly string[]): CannotReadMachine {
  const next = 'Name a directory with sys in it, a file made by "isogroups capture", or the text of lspci -vv.';
  return new CannotReadMachine('unrecognised', where, `${where} ${what}. ${next}`, { tried });
}

async function readTree(
  tree: MachineTree,
  kind: 'root' | 'snapshot',
  options: ReadOptions = {},
): Promise<OpenedMachine> {
  const [{ readMachine }, { withMissingFiles }] = await Promise.all([
    import('../sysfs/read-machine.ts'),
    import('../capture/missing-files.ts'),
  ]);
  const whole = withMissingFiles(tree);
  return { machine: readMachine(whole, { kind, label: tree.label }, options), tree: whole };
}

/** An unpacked snapshot has the kernel's log beside `sys`; a root has not. */
function isSnapshot(tree: MachineTree): boolean {
  const names = tree.list('');
  return !isReadFailure(names) && names.some((name) => name === 'dmesg.txt' || name === 'missing.txt');
}

/** Half a snapshot will do: whatever tells something of PCI or of IOMMUs. */
function holdsMachine(tree: MachineTree): boolean {
  return ['sys/bus/pci', 'sys/devices', 'sys/kernel/iommu_groups', 'sys/firmware'].some(
    (path) => !isReadFailure(tree.list(path)),
  );
}

function attempt<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw failedToRead(where, error);
  }
}
