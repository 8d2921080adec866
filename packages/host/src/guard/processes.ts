/**
 * @module Processes and what they have open, as /proc shows them: of all pid namespaces below the reader's.
 */
import { isReadFailure, type MachineTree, type ReadFailure } from '@isogroups/inventory';
import { namesAt, textAt } from '../files.ts';

interface OpenFile {
  /** `proc/812/fd/5` */
  readonly file: string;
  /** `/dev/vfio/14`, `socket:[4711]` */
  readonly target: string;
}

/** Their pids. */
export function processesOf(tree: MachineTree): readonly string[] {
  return namesAt(tree, 'proc').filter((name) => /^\d+$/.test(name));
}

/** The name of its program, as far as it can be read. */
export function commandOf(tree: MachineTree, pid: string): string {
  return textAt(tree, `proc/${pid}/comm`) ?? 'a process of unknown name';
}

/** @returns a failure where it may not be looked into, or is gone */
export function openFilesOf(tree: MachineTree, pid: string): readonly OpenFile[] | ReadFailure {
  const open = tree.list(`proc/${pid}/fd`);
  if (isReadFailure(open)) return open;
  return open.flatMap((fd) => {
    const file = `proc/${pid}/fd/${fd}`;
    const target = tree.readLink(file);
    return isReadFailure(target) ? [] : [{ file, target }];
  });
}
