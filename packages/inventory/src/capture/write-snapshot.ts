/**
 * @module Writes a snapshot to the file that the user named, whole or not at all.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Exit status 3 of the command: nothing was written. */
export class CannotWriteSnapshot extends Error {
  readonly code: 'exists' | 'not-a-file' | 'io';
  readonly file: string;

  constructor(code: CannotWriteSnapshot['code'], file: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CannotWriteSnapshot';
    this.code = code;
    this.file = file;
  }
}

/**
 * Writes beside the file under a temporary name, then renames. An existing file is replaced with `force` only; what is no
 * regular file (a device, a link, a directory) is never replaced.
 *
 * @throws CannotWriteSnapshot
 */
export function writeSnapshot(file: string, bytes: Uint8Array, options: { readonly force?: boolean } = {}): void {
  const force = options.force === true;
  const temporary = join(dirname(file), `.isogroups-${randomUUID()}.partial`);
  let reserved = false;
  try {
    const before = lstatSync(file, { throwIfNoEntry: false });
    if (before !== undefined && !before.isFile()) throw notAFile(file);
    if (before !== undefined && !force) throw exists(file);
    // Made before the other one is renamed to it, so that a file that somebody else makes meanwhile is not lost.
    if (!force) closeSync(openSync(file, 'wx', 0o600));
    reserved = !force;
    writeWhole(temporary, bytes);
    renameSync(temporary, file);
  } catch (error) {
    for (const made of reserved ? [temporary, file] : [temporary]) remove(made);
    if (error instanceof CannotWriteSnapshot) throw error;
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? exists(file) : failed(file, error);
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The error that made it superfluous is the one to tell.
  }
}

const exists = (file: string): CannotWriteSnapshot =>
  new CannotWriteSnapshot('exists', file, `${file} exists already. Name another file, or use --force to replace it.`);

const notAFile = (file: string): CannotWriteSnapshot =>
  new CannotWriteSnapshot(
    'not-a-file',
    file,
    `${file} is not a regular file. Name another one, or - for standard output.`,
  );

function failed(file: string, error: unknown): CannotWriteSnapshot {
  const why = error instanceof Error ? error.message : String(error);
  const next = 'Name a file in a directory that you may write to.';
  return new CannotWriteSnapshot('io', file, `${file} could not be written: ${why}. ${next}`, error);
}

/** Readable by its owner only: a snapshot tells much of a machine. */
function writeWhole(file: string, bytes: Uint8Array): void {
  const fd = openSync(file, 'wx', 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
