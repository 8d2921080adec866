/**
 * @module A machine's files held in memory: what an archive is unpacked to, and what runs in a browser.
 */
import { type Diagnostic, diagnostic } from '@isogroups/pci';
import { DEFAULT_FILE_LIMIT, isReadFailure, type MachineTree, readFailure } from './machine-tree.ts';
import { type NodeSource, parentOf, resolvePath } from './resolve-path.ts';

/** One file, link or directory. Paths are relative to the machine's root, without `.` or `..`. */
export type TreeEntry =
  | { readonly kind: 'file'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'directory'; readonly path: string };

type Node = TreeEntry | { readonly kind: 'directory'; readonly names: string[]; sorted: boolean };

/** A `TreeEntry` with the place where it stood, for diagnostics. */
export type PlacedEntry = TreeEntry & { readonly offset?: number };

/** Deeper than any sysfs path; bounds the directories that one hostile name can make. */
const MAX_DEPTH = 128;

/**
 * Builds the tree; directories on the way to an entry are made. Of two entries with one name the later one is used, as
 * tar does. An entry that climbs, is absolute, or lies below a file is left out. Each of these is a diagnostic.
 * `complete` is false when entries are known to be lost.
 */
export function createMemoryTree(
  label: string,
  entries: Iterable<PlacedEntry>,
  complete = true,
): { tree: MachineTree; diagnostics: readonly Diagnostic[] } {
  const nodes = new Map<string, Node>([['', { kind: 'directory', names: [], sorted: true }]]);
  const diagnostics: Diagnostic[] = [];
  const complain = (entry: PlacedEntry, severity: Diagnostic['severity'], message: string): void => {
    diagnostics.push(diagnostic(severity, label, message, entry.offset));
  };

  for (const entry of entries) {
    const problem = unusableName(entry.path);
    if (problem !== undefined) {
      complain(entry, 'error', `${shorten(entry.path)} ${problem}; left out`);
      continue;
    }
    const parent = makeDirectory(nodes, parentOf(entry.path));
    if (parent === undefined) {
      complain(entry, 'error', `${shorten(entry.path)} lies below something that is not a directory; left out`);
      continue;
    }
    const before = nodes.get(entry.path);
    if (before === undefined) {
      parent.names.push(entry.path.slice(entry.path.lastIndexOf('/') + 1));
      parent.sorted = false;
    } else if (before.kind === 'directory' && entry.kind === 'directory') {
      continue;
    } else if (before.kind === 'directory' || entry.kind === 'directory') {
      complain(entry, 'error', `${shorten(entry.path)} is both a directory and not; left out the second time`);
      continue;
    } else {
      complain(entry, 'warning', `${shorten(entry.path)} occurs twice; the later one is used`);
    }
    nodes.set(entry.path, entry.kind === 'directory' ? { kind: 'directory', names: [], sorted: true } : entry);
  }
  return { tree: treeOver(label, nodes, complete), diagnostics };
}

function treeOver(label: string, nodes: Map<string, Node>, complete: boolean): MachineTree {
  const source: NodeSource = {
    remembered: (path) => nodes.get(path)?.kind,
    kindOf: (path) => nodes.get(path)?.kind ?? readFailure('missing', path),
    linkTarget: (path) => {
      const node = nodes.get(path);
      return node !== undefined && node.kind === 'link' ? node.target : readFailure('not-a-link', path);
    },
  };
  return Object.freeze({
    label,
    complete,
    readBytes(path: string, limit: number = DEFAULT_FILE_LIMIT) {
      const found = resolvePath(source, path);
      if (isReadFailure(found)) return found;
      const node = nodes.get(found.path);
      if (node?.kind !== 'file') return readFailure('not-a-file', path);
      if (node.bytes.length > limit) return readFailure('too-large', path, `longer than ${limit} bytes`);
      return node.bytes;
    },
    list(path: string) {
      const found = resolvePath(source, path);
      if (isReadFailure(found)) return found;
      const node = nodes.get(found.path);
      if (node === undefined || !('names' in node)) return readFailure('not-a-directory', path);
      if (!node.sorted) {
        node.names.sort();
        node.sorted = true;
      }
      return node.names;
    },
    readLink(path: string) {
      const found = resolvePath(source, path, true);
      return isReadFailure(found) ? found : source.linkTarget(found.path);
    },
  });
}

function unusableName(path: string): string | undefined {
  if (path.startsWith('/')) return 'is an absolute name';
  const parts = path.split('/');
  if (parts.includes('..')) return 'climbs out of its directory';
  if (path === '' || path.includes('\0') || parts.some((part) => part === '' || part === '.'))
    return 'is no usable name';
  if (parts.length > MAX_DEPTH) return `is deeper than ${MAX_DEPTH} directories`;
  return undefined;
}

/** The directory at `path`, made with all those above it where they are not there yet. */
function makeDirectory(nodes: Map<string, Node>, path: string): Extract<Node, { names: string[] }> | undefined {
  const missing: string[] = [];
  let at = path;
  let node = nodes.get(at);
  while (node === undefined) {
    missing.push(at);
    at = parentOf(at);
    node = nodes.get(at);
  }
  if (!('names' in node)) return undefined;
  let directory = node;
  for (let next = missing.pop(); next !== undefined; next = missing.pop()) {
    directory.names.push(next.slice(next.lastIndexOf('/') + 1));
    directory.sorted = false;
    directory = { kind: 'directory', names: [], sorted: true };
    nodes.set(next, directory);
  }
  return directory;
}

const shorten = (path: string): string => JSON.stringify(path.length > 120 ? `${path.slice(0, 120)}…` : path);
