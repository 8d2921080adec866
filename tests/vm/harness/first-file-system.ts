/**
 * @module The guest's first file system: busybox, node, the command as it is built, the kernel's modules, and the files
 * of `guest/`. Parts that few machines need are archives of their own; the kernel unpacks one after the other.
 */
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { busybox } from '../../../scripts/guest/busybox.mjs';
import { cpio } from '../../../scripts/guest/cpio.mjs';
import { unpacked } from '../../../scripts/guest/debian.mjs';
import { addModules } from '../../../scripts/guest/modules.mjs';
import { run } from '../../../scripts/guest/tools.mjs';
import type { Extra } from './machine.ts';
import { addProgram } from './programs.ts';

const GUEST = join(import.meta.dirname, '../guest');
const COMMAND = join(import.meta.dirname, '../../../packages/cli/dist');

/** All that a machine may load. */
const MODULES = [
  ...['vfio-pci', 'vfio_iommu_type1'],
  ...['nvme', 'e1000e', 'e1000', '8139cp', 'igb', 'igbvf', 'xhci_pci', 'virtio_rng'],
];
const STORAGE_MODULES = [
  'dm-mod',
  'dm-crypt',
  'raid1',
  'ext4',
  'crc32c_generic',
  'virtio_blk',
  'virtio_net',
  'virtio_pci',
  'virtio_console',
];

/** Where Debian 12 has Python's own modules. */
const PYTHON = '/usr/lib/python3.11';

/** Everything but modules: the same for all kernels. */
export function systemArchive(scratch: string, cache: string): string {
  return archived(scratch, 'system', (root) => {
    cpSync(busybox(cache, 'amd64'), join(root, 'bin/busybox'));
    for (const name of readdirSync(GUEST)) {
      if (name.endsWith('.c')) compile(join(GUEST, name), join(root, 'bin', name.slice(0, -2)));
      else install(join(GUEST, name), join(root, name));
    }
    buildSync({
      entryPoints: ['kernel-files', 'claims-in-process'].map((name) => join(GUEST, `../programs/${name}.ts`)),
      outdir: root,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['source'],
    });
    addProgram(root, process.execPath, '/usr/bin/node');
    // The command locks its journal with it.
    addProgram(root, '/usr/bin/flock');
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

/** Programs that make file systems and volumes, or Debian's dpdk-devbind.py with what it needs. */
export function extraArchive(scratch: string, cache: string, extra: Extra): string {
  return archived(scratch, extra, (root) => {
    if (extra === 'disks') {
      for (const program of ['/sbin/mke2fs', '/sbin/lvm', '/sbin/dmsetup']) addProgram(root, program);
      addProgram(
        root,
        join(
          unpacked(cache, 'mdadm-amd64', () => ['mdadm:amd64']),
          'sbin/mdadm',
        ),
        '/sbin/mdadm',
      );
      return;
    }
    addProgram(root, '/usr/bin/python3');
    cpSync(PYTHON, join(root, PYTHON), { recursive: true, filter: (path) => !/[/](?:test|dist-packages)$/.test(path) });
    addProgram(root, '/usr/bin/lspci');
    cpSync('/usr/share/misc/pci.ids', join(root, 'usr/share/misc/pci.ids'));
    const dpdk = unpacked(cache, 'dpdk-amd64', () => ['dpdk:amd64']);
    install(join(dpdk, 'usr/bin/dpdk-devbind.py'), join(root, 'usr/bin/dpdk-devbind.py'));
  });
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

/** What the package ships of it: the bundles and what they load; not what tsc made of each source. */
function isPartOfTheCommand(path: string): boolean {
  return path === COMMAND || (dirname(path) === COMMAND && /[.](?:cjs|bundle|cache|bin)$/.test(path));
}
