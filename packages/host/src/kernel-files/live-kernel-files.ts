/**
 * @module The kernel's files of a running machine. **Every privileged operation of isogroups happens in the process that
 * this module starts**: writes to sysfs, `modprobe`, `ip link set`.
 */
import { readFileSync } from 'node:fs';
import { createDirectoryTree } from '@isogroups/inventory';
import type { KernelFiles, WriterIdentity } from './kernel-files.ts';
import { startWriter, type WriterProcess, type WriterRequest } from './writer-process.ts';

/** @param root Where the machine's `sys` and `proc` are: `/`, or where a container has the host's. */
export function createLiveKernelFiles(root = '/'): KernelFiles {
  const place = (path: string): string => (root === '/' ? `/${path}` : `${root}/${path}`);
  let writer: WriterProcess | undefined;
  const current = (): WriterProcess => {
    if (writer === undefined || writer.hasEnded()) writer = startWriter();
    return writer;
  };
  const close = (): void => {
    writer?.close();
    writer = undefined;
  };
  const ask = async (request: WriterRequest, deadlineMs: number) => {
    const outcome = await current().ask(request, deadlineMs);
    // It stays where it is until the kernel lets it go; the next operation has a process of its own.
    if (outcome.kind === 'stuck') close();
    return outcome;
  };
  return Object.freeze({
    look: () => createDirectoryTree(root),
    write: (path: string, text: string, deadlineMs: number) => ask({ file: place(path), text }, deadlineMs),
    run: (program: 'modprobe' | 'ip', args: readonly string[], deadlineMs: number) =>
      ask({ program, args }, deadlineMs),
    writer: () => current().identity,
    isAlive: (identity: WriterIdentity) => startOf(identity.pid) === identity.started,
    close,
  });
}

/** Field 22 of /proc/<pid>/stat; the name before it may hold blanks and parentheses. Undefined for a zombie. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
