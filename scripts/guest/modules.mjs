/**
 * @module Kernel modules for a guest's file system.
 */
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './tools.mjs';

/**
 * Copies modules with all that they depend on, uncompressed, and indexes them for the guest's modprobe.
 *
 * @param {string} root of the guest's file system
 * @param {string[]} names of modules; what the kernel has built in needs no file
 * @param {{ release: string, modules: string | undefined }} kernel
 */
export function addModules(root, names, { release, modules }) {
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
