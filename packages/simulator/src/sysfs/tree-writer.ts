/**
 * @module Collects the files of a machine: text with a line end, links relative as the kernel writes them.
 */
import { encodeText, type TreeEntry } from '@isogroups/inventory/parsers';

export interface TreeWriter {
  text(path: string, content: string): void;
  bytes(path: string, content: Uint8Array): void;
  /** Both paths from the root of the machine. */
  link(path: string, target: string): void;
  directory(path: string): void;
  /** As it stands in another tree. */
  copy(entry: TreeEntry): void;
  /** By path; what was written last counts. */
  entries(): readonly TreeEntry[];
}

export function createTreeWriter(): TreeWriter {
  const written = new Map<string, TreeEntry>();
  const put = (entry: TreeEntry): void => void written.set(entry.path, Object.freeze(entry));
  return {
    text: (path, content) => put({ kind: 'file', path, bytes: encodeText(`${content}\n`) }),
    bytes: (path, content) => put({ kind: 'file', path, bytes: content }),
    link: (path, target) => put({ kind: 'link', path, target: relative(path, target) }),
    directory: (path) => put({ kind: 'directory', path }),
    copy: put,
    entries: () => Object.freeze([...written.values()].sort((a, b) => (a.path < b.path ? -1 : 1))),
  };
}

function relative(from: string, to: string): string {
  const here = from.split('/').slice(0, -1);
  const there = to.split('/');
  let shared = 0;
  while (shared < here.length && here[shared] === there[shared]) shared++;
  return `${'../'.repeat(here.length - shared)}${there.slice(shared).join('/')}`;
}
