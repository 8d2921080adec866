/**
 * @module A snapshot's files as the bytes of a `tar.gz`: the same files always give the same bytes.
 */
import { gzipSync } from 'node:zlib';
import type { TreeEntry } from '../tree/memory-tree.ts';

const BEGINNING = new Date(0);

/** Entries in the order given, with the directories on the way; all of them of root and of 1970. */
export async function packSnapshot(entries: readonly TreeEntry[]): Promise<Uint8Array> {
  const { packTar } = await import('modern-tar');
  const tar = await packTar(withDirectories(entries).map(archiveEntry));
  return gzipSync(tar, { level: 9 });
}

function archiveEntry(entry: TreeEntry): { header: ArchiveHeader; body?: Uint8Array } {
  const common = { uid: 0, gid: 0, mtime: BEGINNING };
  switch (entry.kind) {
    case 'file':
      return {
        header: { ...common, name: entry.path, type: 'file', size: entry.bytes.length, mode: 0o644 },
        body: entry.bytes,
      };
    case 'link':
      return { header: { ...common, name: entry.path, type: 'symlink', size: 0, mode: 0o777, linkname: entry.target } };
    case 'directory':
      return { header: { ...common, name: `${entry.path}/`, type: 'directory', size: 0, mode: 0o755 } };
  }
}

interface ArchiveHeader {
  name: string;
  type: 'file' | 'symlink' | 'directory';
  size: number;
  mode: number;
  uid: number;
  gid: number;
  mtime: Date;
  linkname?: string;
}

function withDirectories(entries: readonly TreeEntry[]): TreeEntry[] {
  const all = new Map<string, TreeEntry>();
  for (const entry of entries) {
    const parts = entry.path.split('/');
    for (let i = 1; i < parts.length; i++) {
      const path = parts.slice(0, i).join('/');
      if (!all.has(path)) all.set(path, { kind: 'directory', path });
    }
    all.set(entry.path, entry);
  }
  return [...all.values()];
}
