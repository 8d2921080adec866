/**
 * @module Who has a socket open, by its inode: /proc/net names no process.
 */
import { isReadFailure, type MachineTree } from '@isogroups/inventory';
import { commandOf, openFilesOf, processesOf } from '../processes.ts';

interface SocketOwner {
  readonly pid: string;
  /** The name of the program, as far as it can be read. */
  readonly command: string;
}

/** By inode; absent: nobody that can be seen. */
export function socketOwners(
  tree: MachineTree,
  inodes: ReadonlySet<string>,
): ReadonlyMap<string, readonly SocketOwner[]> {
  const owners = new Map<string, SocketOwner[]>();
  // Most machines have no such sockets, and then nobody has to be looked for.
  if (inodes.size === 0) return owners;
  for (const pid of processesOf(tree)) {
    const found = socketsOf(tree, pid).filter((inode) => inodes.has(inode));
    for (const inode of new Set(found)) {
      owners.set(inode, [...(owners.get(inode) ?? []), { pid, command: commandOf(tree, pid) }]);
    }
  }
  return owners;
}

function socketsOf(tree: MachineTree, pid: string): readonly string[] {
  const open = openFilesOf(tree, pid);
  return isReadFailure(open) ? [] : open.flatMap(({ target }) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}
