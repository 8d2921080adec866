/**
 * @module Which processes have files of devices open or mapped, in all namespaces that can be seen.
 */
import { isReadFailure, type MachineTree, readText } from '@isogroups/inventory';
import type { Leaving } from '../leaving.ts';
import { commandOf, openFilesOf, processesOf } from '../processes.ts';
import { type DeviceNode, fileOf } from './device-nodes.ts';

export interface Holder extends DeviceNode {
  readonly pid: string;
  /** The name of the program, as far as it can be read. */
  readonly command: string;
  /** `proc/812/fd/5`, `proc/812/maps` */
  readonly file: string;
}

export interface HolderSearch {
  readonly holders: readonly Holder[];
  /** Processes that may not be looked into. */
  readonly unread: readonly string[];
  /** Processes that hang in the kernel, which does not show their mappings then. */
  readonly hanging: readonly string[];
}

/** Other files of sysfs are read in passing (by udev, lspci, another isogroups): who has them open holds nothing. */
const DEVICE_MEMORY = /^\/sys\/.*\/resource\d+(?:_wc)?$/;

/**
 * A container may call a file by another name; programs that got an open file from somebody else keep the name. What is
 * bound to a device without a file in /dev (packet sockets) is not found here.
 */
export function findHolders(tree: MachineTree, leaving: Leaving, nodes: readonly DeviceNode[]): HolderSearch {
  const byPath = new Map(nodes.map((node) => [node.path, node]));
  const nodeOf = (path: string): DeviceNode | undefined => {
    const device = DEVICE_MEMORY.test(path) ? leaving.deviceOf(path) : undefined;
    return device === undefined ? byPath.get(path) : fileOf(device, path);
  };
  const holders: Holder[] = [];
  const unread: string[] = [];
  const hanging: string[] = [];
  for (const pid of processesOf(tree)) {
    const open = openFilesOf(tree, pid);
    if (isReadFailure(open)) {
      if (open.reason === 'denied') unread.push(pid);
      continue;
    }
    const found = new Map<string, Holder>();
    const add = (path: string, file: string): void => {
      const node = nodeOf(path);
      if (node !== undefined && !found.has(path))
        found.set(path, { ...node, pid, command: commandOf(tree, pid), file });
    };
    for (const { file, target } of open) add(target.replace(/ \(deleted\)$/, ''), file);
    // A mapping outlives the open file.
    const maps = readText(tree, `proc/${pid}/maps`);
    if (!isReadFailure(maps)) for (const path of mappedFiles(maps)) add(path, `proc/${pid}/maps`);
    else if (maps.reason === 'locked') hanging.push(pid);
    holders.push(...found.values());
  }
  return { holders, unread, hanging };
}

/** A clause for `HolderSearch.hanging`: "process 812, which hangs in the kernel,". */
export const whoHangs = (pids: readonly string[]): string =>
  pids.length === 1
    ? `process ${pids[0]}, which hangs in the kernel,`
    : `processes ${pids.join(', ')}, which hang in the kernel,`;

function mappedFiles(maps: string): ReadonlySet<string> {
  return new Set(maps.match(/\/(?:dev|sys)\/\S+$/gm) ?? []);
}
