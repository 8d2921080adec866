/**
 * @module A fake kernel that outlives the processes that write to it: its state is a file, replaced as a whole.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { KernelFiles } from '../kernel-files/kernel-files.ts';
import { createFakeKernel } from './fake-kernel.ts';
import type { KernelState } from './kernel-state.ts';

export const readKept = (file: string): KernelState => JSON.parse(readFileSync(file, 'utf8')) as KernelState;

export function keep(file: string, state: KernelState): void {
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}

export function createKeptKernel(file: string): KernelFiles {
  const kernel = createFakeKernel(readKept(file));
  const kept = async <T>(operation: Promise<T>): Promise<T> => {
    const outcome = await operation;
    keep(file, kernel.state);
    return outcome;
  };
  return {
    ...kernel,
    write: (path, text, deadline) => kept(kernel.write(path, text, deadline)),
    run: (program, args, deadline) => kept(kernel.run(program, args, deadline)),
  };
}
