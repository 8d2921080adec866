/**
 * @module A tree with some files answered from elsewhere: made up, or known to have been unreadable.
 */
import { DEFAULT_FILE_LIMIT, isReadFailure, type MachineTree, type ReadFailure, readFailure } from './machine-tree.ts';
import { parentOf } from './resolve-path.ts';

/**
 * `base`, but for the paths of `files`, and with the directories of `empty` there, if need be with nothing in them. Paths
 * are compared as they are written: no link leads to what is laid over.
 */
export function overlayTree(
  base: MachineTree,
  files: ReadonlyMap<string, () => Uint8Array | ReadFailure>,
  empty: ReadonlySet<string> = new Set(),
): MachineTree {
  const added = new Map<string, string[]>();
  for (const path of files.keys()) {
    const names = added.get(parentOf(path)) ?? [];
    names.push(path.slice(path.lastIndexOf('/') + 1));
    added.set(parentOf(path), names);
  }
  return Object.freeze({
    label: base.label,
    complete: base.complete,
    readBytes(path: string, limit: number = DEFAULT_FILE_LIMIT) {
      const file = files.get(path);
      if (file === undefined) return base.readBytes(path, limit);
      const bytes = file();
      return isReadFailure(bytes) || bytes.length <= limit
        ? bytes
        : readFailure('too-large', path, `longer than ${limit} bytes`);
    },
    list(path: string) {
      const file = files.get(path);
      if (file !== undefined) return failureOr(file(), 'not-a-directory', path);
      const extra = added.get(path);
      const names = base.list(path);
      if (isReadFailure(names)) {
        const isMadeUp = names.reason === 'missing' && (extra !== undefined || empty.has(path));
        return isMadeUp ? [...(extra ?? [])].sort() : names;
      }
      if (extra === undefined) return names;
      return [...new Set([...names, ...extra])].sort();
    },
    readLink(path: string) {
      const file = files.get(path);
      return file === undefined ? base.readLink(path) : failureOr(file(), 'not-a-link', path);
    },
  });
}

const failureOr = (file: Uint8Array | ReadFailure, reason: ReadFailure['reason'], path: string): ReadFailure =>
  isReadFailure(file) ? file : readFailure(reason, path);
