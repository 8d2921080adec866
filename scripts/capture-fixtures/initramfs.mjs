/**
 * @module The guest's file system: busybox, the kernel modules that a machine needs, and the scripts of `guest/`.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { unpacked } from './debian.mjs';
import { run } from './tools.mjs';

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

  const busybox = unpacked(cache, `busybox-${architecture}`, () => [`busybox-static:${architecture}`]);
  cpSync(
    join(busybox, existsSync(join(busybox, 'bin/busybox')) ? 'bin' : 'usr/bin', 'busybox'),
    join(root, 'bin/busybox'),
  );
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
  const names = run('find', ['.', '-print0'], { cwd: root, encoding: 'buffer' });
  writeFileSync(
    archive,
    run('cpio', ['--null', '-o', '-H', 'newc', '-R', '0:0', '--quiet'], {
      cwd: root,
      input: names,
      encoding: 'buffer',
    }),
  );
  return archive;
}

/** Copies modules with all that they depend on, uncompressed, and indexes them for the guest's modprobe. */
function addModules(root, names, { release, modules }) {
  if (modules === undefined) throw new Error(`Debian has no modules for ${release} any more`);
  const target = join(root, 'lib/modules', release);
  mkdirSync(target, { recursive: true });
  // Which of them a package has differs by series.
  for (const index of ['modules.order', 'modules.builtin', 'modules.builtin.modinfo']) {
    if (existsSync(join(modules, index))) cpSync(join(modules, index), join(target, index));
  }
  // Debian's package leaves the index to its installation script.
  const base = modules.slice(0, modules.indexOf('/lib/modules/'));
  if (!existsSync(join(modules, 'modules.dep'))) run('depmod', ['-b', base, release]);
  const dependencies = new Map();
  for (const line of readFileSync(join(modules, 'modules.dep'), 'utf8').split('\n')) {
    const [file, needs] = line.split(':');
    if (needs !== undefined) dependencies.set(moduleName(file), [file, ...needs.split(' ').filter(Boolean)]);
  }
  const builtinIndex = join(target, 'modules.builtin');
  const builtIn = (existsSync(builtinIndex) ? readFileSync(builtinIndex, 'utf8') : '').split('\n').map(moduleName);
  for (const name of names) {
    const files = dependencies.get(moduleName(name));
    if (files === undefined && !builtIn.includes(moduleName(name))) throw new Error(`${release} has no module ${name}`);
    for (const file of files ?? []) {
      mkdirSync(join(target, dirname(file)), { recursive: true });
      cpSync(join(modules, file), join(target, file));
      if (file.endsWith('.xz') && existsSync(join(target, file))) run('xz', ['-df', join(target, file)]);
    }
  }
  run('depmod', ['-b', root, release]);
}

/** `kernel/drivers/net/e1000e.ko.xz` → `e1000e`; hyphens and underscores are the same to the kernel. */
function moduleName(file) {
  return basename(file)
    .replace(/[.]ko([.]xz)?$/, '')
    .replaceAll('-', '_');
}
