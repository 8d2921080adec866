/**
 * @module A few files of the running kernel as they are at the moment of each call.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { DEFAULT_FILE_LIMIT, type MachineTree, type ReadFailure, readFailure } from './machine-tree.ts';
import { attempt, createPool, readWhole, tooLarge } from './read-file.ts';

/** Below these all files are the kernel's own: no link leads out of the machine, and nothing waits to be opened. */
const isKernels = (path: string): boolean => /^(?:sys|proc)(?:\/|$)/.test(path) && !path.split('/').includes('..');

/**
 * `/sys` and `/proc` of this machine and nothing else. Unlike `createLiveTree` it remembers nothing from one call to the next,
 * and leaves links to the operating system: a fresh tree looks at each directory on the way to its first file, ten times the
 * work where only a few files are asked for, again and again.
 */
export function createGlanceTree(): MachineTree {
  const pool = createPool();
  const at = <T>(path: string, read: (file: string) => T): T | ReadFailure =>
    isKernels(path) ? attempt(path, () => read(`/${path}`)) : readFailure('outside', path);
  return Object.freeze({
    label: 'this machine',
    complete: true,
    readBytes(path: string, limit: number = DEFAULT_FILE_LIMIT) {
      return at(path, (file) => readWhole(file, path, limit, pool) ?? tooLarge(path, limit));
    },
    list: (path: string) => at(path, (file) => readdirSync(file).sort()),
    readLink: (path: string) => at(path, (file) => readlinkSync(file)),
  });
}
