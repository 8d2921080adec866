/**
 * @module A process that hangs in the kernel with the lock of its memory held, as Linux 6.1 and 6.12 keep who asks for its
 * mappings waiting.
 */
import type { MachineTree } from '@isogroups/inventory';
import { memoryTreeOf } from '../../../inventory/src/testing/tree-entries.ts';
import type { KernelFiles } from '../kernel-files/kernel-files.ts';
import type { FakeKernel } from './fake-kernel.ts';
import { kernelFiles } from './kernel-tree.ts';
import { unanswered } from './without-answer.ts';

const MAPS = 'proc/812/maps';
const QEMU = { 'proc/812/comm': 'qemu', 'proc/812/fd': null, [MAPS]: '' };

/** The same kernel, with such a process, 812. Who does not ask patiently would wait for ever: here that is thrown. */
export function withHangingProcess(kernel: FakeKernel): KernelFiles {
  const tree = (): MachineTree => memoryTreeOf({ ...kernelFiles(kernel.state), ...QEMU });
  const look = (): MachineTree => {
    const seen = tree();
    return {
      ...seen,
      readBytes(path, limit) {
        if (path === MAPS) throw new Error(`${MAPS} is read, which does not return`);
        return seen.readBytes(path, limit);
      },
    };
  };
  return { ...kernel, look, glance: look, lookPatiently: () => Promise.resolve(unanswered(tree(), [MAPS])) };
}
