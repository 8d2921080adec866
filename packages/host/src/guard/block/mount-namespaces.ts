/**
 * @module The mount tables of the machine: our own, and those of other namespaces (containers) as far as they can be seen.
 */
import { isReadFailure, type MachineTree, type ReadFailure, readText } from '@isogroups/inventory';
import { textAt } from '../../files.ts';
import { processesOf } from '../processes.ts';
import { type Mount, parseMountTable } from './mount-table.ts';

export interface MountNamespace {
  /** Whether it is ours, where paths mean what the user means. */
  readonly own: boolean;
  readonly file: string;
  /** `process 812 (postgres)` */
  readonly who: string;
  readonly mounts: readonly Mount[];
}

export const OWN_MOUNTS = 'proc/self/mountinfo';

/** Our own first. @returns a failure where not even that can be read. */
export function mountNamespaces(tree: MachineTree): readonly MountNamespace[] | ReadFailure {
  const text = readText(tree, OWN_MOUNTS);
  if (isReadFailure(text)) return text;
  const own: MountNamespace = { own: true, file: OWN_MOUNTS, who: 'this program', mounts: parseMountTable(text) };
  const seen = new Set([namespaceOf(tree, 'self')]);
  const others = processesOf(tree).flatMap((pid): MountNamespace[] => {
    const namespace = namespaceOf(tree, pid);
    if (namespace === undefined || seen.has(namespace)) return [];
    seen.add(namespace);
    const file = `proc/${pid}/mountinfo`;
    const who = `process ${pid} (${textAt(tree, `proc/${pid}/comm`) ?? 'of unknown name'})`;
    return [{ own: false, file, who, mounts: parseMountTable(textAt(tree, file) ?? '') }];
  });
  return [own, ...others];
}

/** `mnt:[4026531841]`; undefined where it may not be read, as without root. */
function namespaceOf(tree: MachineTree, pid: string): string | undefined {
  const target = tree.readLink(`proc/${pid}/ns/mnt`);
  return isReadFailure(target) ? undefined : target;
}
