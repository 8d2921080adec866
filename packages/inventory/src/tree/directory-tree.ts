/**
 * @module A machine's files in a directory of this host: `/` itself, another root, an unpacked snapshot.
 */
import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_FILE_LIMIT, isReadFailure, type MachineTree, type ReadFailure, readFailure } from './machine-tree.ts';
import { attempt, createPool, readWhole, tooLarge } from './read-file.ts';
import { type NodeKind, type NodeSource, parentOf, resolvePath } from './resolve-path.ts';

/**
 * The tree below `root`. Links are followed here and not by the operating system, so that none leads out; what is not a
 * regular file is never opened (a pipe would wait for ever, a device may act on being opened).
 *
 * Kinds, links and directories are looked up once and remembered: the tree is read as it was when it was first seen. It
 * does not defend against somebody who swaps directories for links while it is being read.
 *
 * @throws the error of the file system when `root` itself is not there.
 */
export function createDirectoryTree(root: string, label: string = root): MachineTree {
  const base = realpathSync(root);
  const place = (path: string): string => (base === '/' ? `/${path}` : `${base}/${path}`);
  const kinds = new Map<string, NodeKind>([['', 'directory']]);
  const links = new Map<string, string>();
  const listings = new Map<string, readonly string[]>();
  const pool = createPool();

  const source: NodeSource = {
    remembered: (path) => kinds.get(path),
    kindOf(path) {
      const before = kinds.get(path);
      if (before !== undefined) return before;
      // A directory that was listed has told the kinds of all that is in it.
      if (listings.has(parentOf(path))) return readFailure('missing', path);
      return attempt(path, () => {
        const stat = lstatSync(place(path), { throwIfNoEntry: false });
        if (stat === undefined) return readFailure('missing', path);
        const kind = kindOf(stat);
        kinds.set(path, kind);
        return kind;
      });
    },
    linkTarget(path) {
      const before = links.get(path);
      if (before !== undefined) return before;
      return attempt(path, () => {
        const target = readlinkSync(place(path));
        links.set(path, target);
        return target;
      });
    },
  };

  return Object.freeze({
    label,
    complete: true,
    readBytes(path: string, limit: number = DEFAULT_FILE_LIMIT) {
      const found = resolvePath(source, path);
      if (isReadFailure(found)) return found;
      if (found.kind !== 'file') return readFailure('not-a-file', path);
      return attempt(path, () => readWhole(place(found.path), found.path, limit, pool) ?? tooLarge(path, limit));
    },
    list(path: string) {
      const found = resolvePath(source, path);
      if (isReadFailure(found)) return found;
      if (found.kind !== 'directory') return readFailure('not-a-directory', path);
      const before = listings.get(found.path);
      if (before !== undefined) return before;
      return attempt(path, () => {
        const names: string[] = [];
        for (const entry of readdirSync(place(found.path), { withFileTypes: true })) {
          names.push(entry.name);
          kinds.set(found.path === '' ? entry.name : `${found.path}/${entry.name}`, kindOf(entry));
        }
        names.sort();
        listings.set(found.path, names);
        return names;
      });
    },
    readLink(path: string) {
      const found = resolvePath(source, path, true);
      if (isReadFailure(found)) return found;
      return found.kind === 'link' ? source.linkTarget(found.path) : readFailure('not-a-link', path);
    },
  });
}

/**
 * Where a path really lies below `root`, by the same rule and without remembering anything: for who is about to write
 * there. Nothing on the way to it is a link; what is done to the directories afterwards is not seen.
 */
export function resolveBelow(root: string, path: string): string | ReadFailure {
  const place = (inside: string): string => join(root, inside);
  const found = resolvePath(
    {
      remembered: () => undefined,
      kindOf: (inside) => attempt(inside, () => kindOf(lstatSync(place(inside)))),
      linkTarget: (inside) => attempt(inside, () => readlinkSync(place(inside))),
    },
    path,
  );
  return isReadFailure(found) ? found : found.path;
}

interface FileTypes {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

function kindOf(stat: FileTypes): NodeKind {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  return stat.isSymbolicLink() ? 'link' : 'other';
}
