/**
 * @module The guest's file system: busybox, the kernel modules that a machine needs, and the scripts of `guest/`.
 */
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { busybox } from '../guest/busybox.mjs';
import { cpio } from '../guest/cpio.mjs';
import { addModules } from '../guest/modules.mjs';

const GUEST = join(import.meta.dirname, 'guest');

/**
 * @param {{ cache: string, scratch: string, architecture: 'amd64' | 'arm64' }} where
 * @param {import('./machines.mjs').Machine} machine
 * @param {{ release: string, modules: string | undefined }} kernel
 * @returns {string} path of the cpio archive
 */
export function initramfs({ cache, scratch, architecture }, machine, kernel) {
  const root = join(scratch, 'root');
  rmSync(root, { recursive: true, force: true });
  for (const directory of ['bin', 'etc']) mkdirSync(join(root, directory), { recursive: true });

  cpSync(busybox(cache, architecture), join(root, 'bin/busybox'));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n');
  for (const script of ['init', 'collect']) {
    cpSync(join(GUEST, script), join(root, script));
    chmodSync(join(root, script), 0o755);
  }

  const modules = machine.modules ?? [];
  if (modules.length > 0) addModules(root, modules, kernel);
  const load = modules.map((name) => `modprobe ${name}\n`);
  writeFileSync(join(root, 'steps'), [...load, ...(machine.steps ?? []).map((step) => `${step}\n`)].join(''));
  if (machine.withoutRoot) writeFileSync(join(root, 'without-root'), '');

  const archive = join(scratch, 'initramfs.cpio');
  writeFileSync(archive, cpio(root));
  return archive;
}
