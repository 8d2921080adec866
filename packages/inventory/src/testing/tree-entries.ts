/**
 * @module Files of a tree written down in a test: `{ 'sys/a': 'text', 'sys/b': { link: '../c' }, 'sys/d': null }`.
 */
import type { MachineTree } from '../tree/machine-tree.ts';
import { createMemoryTree, type TreeEntry } from '../tree/memory-tree.ts';

/** Text (a line end is added), bytes, a link, or null for a directory. */
export type FileRecipes = Readonly<Record<string, string | Uint8Array | { readonly link: string } | null>>;

export function treeEntries(files: FileRecipes): TreeEntry[] {
  return Object.entries(files).map(([path, content]): TreeEntry => {
    if (content === null) return { kind: 'directory', path };
    if (content instanceof Uint8Array) return { kind: 'file', path, bytes: content };
    if (typeof content === 'string') return { kind: 'file', path, bytes: new TextEncoder().encode(`${content}\n`) };
    return { kind: 'link', path, target: content.link };
  });
}

export function memoryTreeOf(files: FileRecipes, complete?: boolean): MachineTree {
  return createMemoryTree('test tree', treeEntries(files), complete).tree;
}
