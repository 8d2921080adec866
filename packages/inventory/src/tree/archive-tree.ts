/**
 * @module A machine's files from the bytes of a tar archive.
 */
import { type Diagnostic, diagnostic } from '@isogroups/pci';
import type { MachineTree } from './machine-tree.ts';
import { createMemoryTree, type PlacedEntry } from './memory-tree.ts';
import { readTar, type TarLimits } from './tar-reader.ts';

/**
 * The tree of an unpacked tar archive. Where all of it lies in one top directory (`tar -c mymachine`), that is the root.
 */
export function createArchiveTree(
  archive: Uint8Array,
  label: string,
  limits?: TarLimits,
): { tree: MachineTree; diagnostics: readonly Diagnostic[] } {
  const content = readTar(archive, label, limits);
  const { tree, diagnostics } = createMemoryTree(label, withoutTopDirectory(content.entries), content.complete);
  return { tree, diagnostics: [...content.diagnostics, ...firstOf(diagnostics, label)] };
}

/** Names that are found in the root of a machine or of a snapshot. */
const ROOT_NAMES: ReadonlySet<string> = new Set(['sys', 'proc', 'dmesg.txt']);

function withoutTopDirectory(entries: readonly PlacedEntry[]): readonly PlacedEntry[] {
  const first = entries.find((entry) => !entry.path.startsWith('/'));
  if (first === undefined) return entries;
  const top = first.path.split('/', 1)[0] as string;
  if (ROOT_NAMES.has(top) || top === '..') return entries;
  const prefix = `${top}/`;
  const inside = entries.filter((entry) => entry.path !== top);
  if (!inside.every((entry) => entry.path.startsWith(prefix))) return entries;
  const moved = inside.map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) }));
  return moved.some((entry) => ROOT_NAMES.has(entry.path.split('/', 1)[0] as string)) ? moved : entries;
}

const MOST_DIAGNOSTICS = 100;

/** A hostile archive can be wrong a million times. */
function firstOf(diagnostics: readonly Diagnostic[], label: string): readonly Diagnostic[] {
  if (diagnostics.length <= MOST_DIAGNOSTICS) return diagnostics;
  const rest = diagnostics.length - MOST_DIAGNOSTICS;
  return [...diagnostics.slice(0, MOST_DIAGNOSTICS), diagnostic('warning', label, `${rest} more like these`)];
}
