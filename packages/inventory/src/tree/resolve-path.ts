/**
 * @module Follows the links of a path without leaving the root: one rule for every kind of tree.
 */
import { isReadFailure, type ReadFailure, readFailure } from './machine-tree.ts';

export type NodeKind = 'file' | 'directory' | 'link' | 'other';

/** What a tree has to tell of one place. Paths given here are canonical: no link, `.`, `..` or empty part in them. */
export interface NodeSource {
  /** What is known of the path without looking, if it is canonical and anything is known of it. */
  remembered(path: string): NodeKind | undefined;
  kindOf(path: string): NodeKind | ReadFailure;
  linkTarget(path: string): string | ReadFailure;
}

export interface ResolvedPath {
  readonly path: string;
  readonly kind: NodeKind;
}

/** As many links as Linux follows in one path (MAXSYMLINKS); with the length limit this bounds the work. */
const MAX_LINKS = 40;
const MAX_LENGTH = 4096;

/** The canonical path, with the last link followed or (`keepLast`) not. */
export function resolvePath(nodes: NodeSource, asked: string, keepLast = false): ResolvedPath | ReadFailure {
  // Nearly all paths that are asked for lie, as they are written, in a directory that was listed before.
  const before = nodes.remembered(asked);
  if (before !== undefined && (before !== 'link' || keepLast)) return { path: asked, kind: before };

  const pending = split(asked);
  let path = '';
  let kind: NodeKind = 'directory';
  let links = 0;
  if (asked.length > MAX_LENGTH) return readFailure('missing', `${asked.slice(0, 64)}…`, 'the name is too long');

  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (kind !== 'directory') return readFailure('missing', asked);
    if (part === '..') {
      if (path === '') return readFailure('outside', asked);
      path = parentOf(path);
      continue;
    }
    const next: string = path === '' ? part : `${path}/${part}`;
    const found = nodes.kindOf(next);
    if (isReadFailure(found)) return found;
    if (found !== 'link' || (keepLast && pending.length === 0)) {
      path = next;
      kind = found;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) return readFailure('io', asked, 'too many links, or links in a circle');
    const target = nodes.linkTarget(next);
    if (isReadFailure(target)) return target;
    if (target.length > MAX_LENGTH) return readFailure('io', asked, 'a link on the way is too long');
    if (target.startsWith('/')) path = '';
    pending.push(...split(target));
  }
  return { path, kind };
}

/** Parts of a path, last one first, so that the next one is popped. */
const split = (path: string): string[] =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .reverse();

/** `sys/bus` of `sys/bus/pci`; the empty path is the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}
