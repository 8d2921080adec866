/**
 * @module The running machine, shaped like a snapshot: `/`, with the kernel's log and architecture as files.
 */
import { machine } from 'node:os';
import { createDirectoryTree } from './directory-tree.ts';
import { readKernelRing } from './kernel-ring.ts';
import { isReadFailure, type MachineTree, type ReadFailure, readFailure } from './machine-tree.ts';
import { overlayTree } from './overlay-tree.ts';

/**
 * A running kernel without one of these directories has nothing that would be in it. (In a snapshot, a directory that is
 * not there may not have been captured.)
 */
const TELLING: ReadonlySet<string> = new Set(['sys/kernel/iommu_groups', 'sys/class/iommu', 'sys/firmware']);

export function createLiveTree(): MachineTree {
  const root = createDirectoryTree('/', 'this machine');
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  let log: Uint8Array | ReadFailure | undefined;
  return overlayTree(
    root,
    new Map([
      [
        'dmesg.txt',
        () => {
          if (log === undefined) {
            const lines = readKernelRing();
            log = isReadFailure(lines) ? lines : encode(`${lines.join('\n')}\n`);
          }
          return log;
        },
      ],
      [
        // The kernel has this file only since 6.1.
        'proc/sys/kernel/arch',
        () => encode(`${machine()}\n`),
      ],
      // A file of that name in the root of this host is none of ours.
      ['missing.txt', () => readFailure('missing', 'missing.txt')],
    ]),
    TELLING,
  );
}
