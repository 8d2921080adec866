/**
 * @module Where a machine keeps the log of the kernel that is running, or that ran when it was captured.
 */
import { isReadFailure, type MachineTree, type ReadFailure } from '../tree/machine-tree.ts';
import { readText } from './attributes.ts';

export const KERNEL_LOG = 'dmesg.txt';

/** Kept by the boot scripts of some distributions; it may be of an earlier boot, with another kernel. */
const KEPT_LOG = 'var/log/dmesg';

/** `dmesg.txt` of a snapshot, in whose place a live tree gives the ring of the kernel; or what the host has kept. */
export function findKernelLog(tree: MachineTree): { file: string; text: string } | ReadFailure {
  const text = readText(tree, KERNEL_LOG);
  if (!isReadFailure(text)) return { file: KERNEL_LOG, text };
  const kept = readText(tree, KEPT_LOG);
  const version = readText(tree, 'proc/version');
  const isThisKernel = !isReadFailure(kept) && !isReadFailure(version) && kept.includes(version);
  return isThisKernel ? { file: KEPT_LOG, text: kept } : text;
}
