/**
 * @module The kernel's files of a running machine. **Every privileged operation of isogroups happens in the process that
 * this module starts**: writes to sysfs, `modprobe`, `ip link set`.
 */
import { readFileSync } from 'node:fs';
import { join, normalize, resolve } from 'node:path';
import {
  createDirectoryTree,
  createGlanceTree,
  createLiveTree,
  isReadFailure,
  patientTree,
  resolveBelow,
} from '@isogroups/inventory';
import type { KernelFiles, Program, WriteOutcome, WriterIdentity } from './kernel-files.ts';
import { startWriter, type WriterProcess, type WriterRequest } from './writer-process.ts';

/** @param root Where the machine's `sys` and `proc` are: `/`, or where a container has the host's. */
export function createLiveKernelFiles(root = '/'): KernelFiles {
  const isThisMachine = resolve(root) === '/';
  const now = createGlanceTree();
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
  const look = () => (isThisMachine ? createLiveTree() : createDirectoryTree(root));
  return Object.freeze({
    look,
    glance: () => (isThisMachine ? now : createDirectoryTree(root)),
    lookPatiently: (devices: readonly string[]) => patientTree(look(), root, { devices, mappings: true }),
    async write(path: string, text: string, deadlineMs: number) {
      const found = isThisMachine ? normalize(path) : resolveBelow(root, path);
      if (isReadFailure(found)) {
        return found.reason === 'missing' ? NOT_THERE : refused('EACCES', found.message);
      }
      if (!found.startsWith('sys/')) return refused('EXDEV', `/${path} leads to /${found}, which is not below /sys`);
      return ask({ file: join(root, found), text }, deadlineMs);
    },
    async run(program: Program, args: readonly string[], deadlineMs: number) {
      if (!isThisMachine) return refused('EPERM', `${program} would act on this machine and not on that of ${root}`);
      return ask({ program, args }, deadlineMs);
    },
    writer: () => current().identity,
    isAlive: (identity: WriterIdentity) => startOf(identity.pid) === identity.started,
    close,
  });
}

const refused = (errno: string, says: string): WriteOutcome => ({ kind: 'errno', errno, says });
const NOT_THERE = refused('ENOENT', 'no such file or directory');

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
