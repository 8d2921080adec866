/**
 * @module `missing.txt` of a snapshot: what was there but could not be read when it was captured.
 *
 * Without it, a table that only root may read would look like a table that the machine does not have.
 */
import { isReadFailure, type MachineTree, type ReadFailure, readFailure } from '../tree/machine-tree.ts';
import { overlayTree } from '../tree/overlay-tree.ts';

export interface MissingFile {
  readonly path: string;
  /** `partial`: what could be read of it is in the snapshot. */
  readonly reason: ReadFailure['reason'] | 'partial';
  /** A clause: "permission denied", "only the first 64 bytes can be read without root". */
  readonly why: string;
}

export const MISSING_FILES = 'missing.txt';

/** One line a file: reason, path and clause, with tabs between. */
export function formatMissingFiles(missing: readonly MissingFile[]): string {
  return missing.map(({ path, reason, why }) => `${reason}\t${path}\t${why}\n`).join('');
}

const REASONS: ReadonlySet<string> = new Set<ReadFailure['reason']>([
  'denied',
  'too-large',
  'not-a-file',
  'locked',
  'io',
]);

/** The tree of a snapshot, in which what `missing.txt` names cannot be read, for the reason that it gives. */
export function withMissingFiles(tree: MachineTree): MachineTree {
  const bytes = tree.readBytes(MISSING_FILES);
  if (isReadFailure(bytes)) return tree;
  const failures = new Map<string, () => ReadFailure>();
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    const [reason, path, why] = line.split('\t');
    if (reason === undefined || path === undefined || !REASONS.has(reason)) continue;
    const failure = readFailure(reason as ReadFailure['reason'], path, `${why ?? reason} (when it was captured)`);
    failures.set(path, () => failure);
  }
  return failures.size === 0 ? tree : overlayTree(tree, failures);
}
