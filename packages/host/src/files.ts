/**
 * @module Small reads of a machine that are made everywhere here.
 */
import { isReadFailure, joinLink, type MachineTree, type ReadFailure, readText } from '@isogroups/inventory';

/** Text of a file without its line end; undefined where it cannot be read, whatever the reason. */
export function textAt(tree: MachineTree, path: string): string | undefined {
  const text = readText(tree, path);
  return isReadFailure(text) ? undefined : text;
}

/** Text of a file; null where it is known not to be there: its directory is, and parts of the tree are not lost. */
export function textOrNone(tree: MachineTree, path: string): string | null | ReadFailure {
  const text = readText(tree, path);
  if (!isReadFailure(text) || text.reason !== 'missing' || !tree.complete) return text;
  return isReadFailure(tree.list(path.slice(0, path.lastIndexOf('/')))) ? text : null;
}

/** Names in a directory; empty where it cannot be listed. */
export function namesAt(tree: MachineTree, path: string): readonly string[] {
  const names = tree.list(path);
  return isReadFailure(names) ? [] : names;
}

/** Where a link of sysfs leads, as a path from the root: `sys/devices/pci0000:00/…`. */
export function targetOf(tree: MachineTree, directory: string, name: string): string | undefined {
  const target = tree.readLink(`${directory}/${name}`);
  return isReadFailure(target) ? undefined : joinLink(directory, target);
}

export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
