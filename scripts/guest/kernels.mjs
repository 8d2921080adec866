/**
 * @module Debian's kernels by series.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packagesMatching, unpacked } from './debian.mjs';

/**
 * Series → names of its packages, without the architecture. The newest is taken: Debian drops old ones in time, so the
 * release that was used stands in each machine's machine.json.
 */
const SERIES = {
  6.1: 'linux-image-6[.]1[.]0-[0-9]+',
  6.12: 'linux-image-6[.]12[.][0-9.]+[+]deb12',
  6.18: 'linux-image-6[.]18[.][0-9.]+[+]deb13',
  7.1: 'linux-image-7[.]1[.][0-9.]+[+]deb13',
  7.3: 'linux-image-7[.]3[.][0-9.]+[+]deb13',
};

/**
 * @param {string} cache directory for downloads
 * @param {string} series one of the above
 * @param {'amd64' | 'arm64'} architecture
 * @returns {{ release: string, image: string, modules: string | undefined }} `6.1.0-56-amd64`, the kernel's file, and
 *   the directory of its modules, where Debian still has them
 */
export function kernel(cache, series, architecture) {
  const name = SERIES[series];
  if (name === undefined) throw new Error(`no kernel series "${series}": there are ${Object.keys(SERIES).join(', ')}`);
  const root = unpacked(cache, `linux-${series}-${architecture}`, () => {
    const image = packagesMatching(cache, `${name}-${architecture}`).at(-1);
    if (image === undefined) throw new Error(`Debian has no package ${name}-${architecture} any more`);
    // Newer kernels are split into several packages.
    const parts = packagesMatching(cache, image.replace('-image-', '-(binary|modules)-').replace('+', '[+]'));
    return [image, ...parts].map((part) => `${part}:${architecture}`);
  });
  const release =
    list(join(root, 'boot')).flatMap((file) => /^vmlinuz-(.+)$/.exec(file)?.[1] ?? [])[0] ??
    list(join(root, 'usr/lib/modules'))[0];
  const find = (paths) => paths.map((path) => join(root, path)).find(existsSync);
  const image = find([`boot/vmlinuz-${release}`, `usr/lib/modules/${release}/vmlinuz`]);
  if (image === undefined) throw new Error(`${root} has no kernel`);
  return {
    release,
    image,
    modules: find([`lib/modules/${release}/kernel`, `usr/lib/modules/${release}/kernel`])?.replace(/[/]kernel$/, ''),
  };
}

const list = (directory) => (existsSync(directory) ? readdirSync(directory) : []);
