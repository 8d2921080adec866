/**
 * @module The guest's first file system: busybox, node, the command as it is built, the kernel's modules, and the files
 * of `guest/`. Parts that few machines need are archives of their own; the kernel unpacks one after the other.
 */
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { busybox } from '../../../scripts/guest/busybox.mjs';
import { cpio } from '../../../scripts/guest/cpio.mjs';
import { addModules } from '../../../scripts/guest/modules.mjs';
import { run } from '../../../scripts/guest/tools.mjs';
import { addProgram } from './programs.ts';

const GUEST = join(import.meta.dirname, '../guest');
const COMMAND = join(import.meta.dirname, '../../../packages/cli/dist');

/** All that a machine may load. */
const MODULES = ['vfio-pci', 'vfio_iommu_type1', 'nvme', 'e1000e', 'e1000', '8139cp', 'xhci_pci', 'virtio_rng'];
const STORAGE_MODULES = ['dm-mod', 'ext4', 'virtio_blk', 'virtio_net', 'virtio_pci', 'virtio_console'];

/** Everything but modules: the same for all kernels. */
export function systemArchive(scratch: string, cache: string): string {
  return archived(scratch, 'system', (root) => {
    cpSync(busybox(cache, 'amd64'), join(root, 'bin/busybox'));
    for (const name of readdirSync(GUEST)) {
      if (name.endsWith('.c')) compile(join(GUEST, name), join(root, 'bin', name.slice(0, -2)));
      else install(join(GUEST, name), join(root, name));
    }
    addProgram(root, process.execPath, '/usr/bin/node');
    cpSync(COMMAND, join(root, 'usr/lib/isogroups'), { recursive: true, filter: isPartOfTheCommand });
    writeFileSync(join(root, 'usr/bin/isogroups'), '#!/bin/sh\nexec node /usr/lib/isogroups/isogroups.cjs "$@"\n');
    chmodSync(join(root, 'usr/bin/isogroups'), 0o755);
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n');
  });
}

/** The modules of one kernel. */
export function moduleArchive(scratch: string, kernel: { release: string; modules: string | undefined }): string {
  return archived(scratch, kernel.release, (root) => addModules(root, [...MODULES, ...STORAGE_MODULES], kernel));
}

function archived(scratch: string, name: string, fill: (root: string) => void): string {
  const root = join(scratch, name);
  rmSync(root, { recursive: true, force: true });
  for (const directory of ['bin', 'etc', 'usr/bin', 'usr/lib']) mkdirSync(join(root, directory), { recursive: true });
  fill(root);
  const archive = join(scratch, `${name}.cpio`);
  writeFileSync(archive, cpio(root));
  rmSync(root, { recursive: true });
  return archive;
}

function install(from: string, to: string): void {
  cpSync(from, to);
  chmodSync(to, 0o755);
}

/** Static: the guest has only the libraries that node needs. */
function compile(source: string, program: string): void {
  run('gcc', ['-static', '-O1', '-Wall', '-Werror', '-o', program, source]);
}

/** The bundle with what it loads from beside itself; not what tsc made of each source, nor the corpus runner. */
function isPartOfTheCommand(path: string): boolean {
  return path === COMMAND || /[/](?:isogroups(?:-main)?[.]cjs(?:[.]cache)?|pci-names[.]bin)$/.test(path);
}
