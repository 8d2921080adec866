/**
 * @module Reads single files of this host, and says why one cannot be read.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type ReadFailure, readFailure } from './machine-tree.ts';

/** Reads one file after the other into large chunks: a machine has thousands of files of a few bytes. */
export interface Pool {
  chunk: Uint8Array;
  used: number;
}

const CHUNK = 256 * 1024;

export const createPool = (): Pool => ({ chunk: new Uint8Array(CHUNK), used: 0 });

/** Room for one read; only ACPI tables and the kernel's log need several. */
const ROOM = 8 * 1024;

/** sysfs hands out whole pages until a file ends; procfs ends a read wherever a record ends. */
const PAGE = 4096;
const isPaged = (path: string): boolean => path.startsWith('sys/');

/**
 * The sizes that sysfs and procfs state are not true, so a file is read until it ends; `undefined`: it is longer. Where
 * it is `paged` a read that stops within a page was the last: half as many calls for the many small files of sysfs.
 *
 * @param path From the root of the machine, without links.
 */
export function readWhole(file: string, path: string, limit: number, pool: Pool): Uint8Array | undefined {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const paged = isPaged(path);
    let start = pool.used;
    for (;;) {
      if (pool.chunk.length - pool.used < ROOM) {
        const begun = pool.chunk.subarray(start, pool.used);
        pool.chunk = new Uint8Array(Math.max(CHUNK, 2 * begun.length));
        pool.chunk.set(begun);
        start = 0;
        pool.used = begun.length;
      }
      const length = readSync(fd, pool.chunk, pool.used, pool.chunk.length - pool.used, null);
      if (length === 0) return pool.chunk.subarray(start, pool.used);
      pool.used += length;
      if (pool.used - start > limit) return undefined;
      if (paged && length % PAGE !== 0) return pool.chunk.subarray(start, pool.used);
    }
  } finally {
    closeSync(fd);
  }
}

export const tooLarge = (path: string, limit: number): ReadFailure =>
  readFailure('too-large', path, `longer than ${limit} bytes`);

const REASONS: Record<string, ReadFailure['reason']> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ENAMETOOLONG: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
};

export function attempt<T>(path: string, read: () => T): T | ReadFailure {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const reason = REASONS[code] ?? 'io';
    return readFailure(reason, path, reason === 'io' ? `cannot be read (${code})` : undefined);
  }
}
