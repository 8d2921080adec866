/**
 * @module The guest's programs in one static file.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unpacked } from './debian.mjs';

/**
 * @param {string} cache directory for downloads
 * @param {'amd64' | 'arm64'} architecture
 * @returns {string} path of the program
 */
export function busybox(cache, architecture) {
  const root = unpacked(cache, `busybox-${architecture}`, () => [`busybox-static:${architecture}`]);
  return join(root, existsSync(join(root, 'bin/busybox')) ? 'bin' : 'usr/bin', 'busybox');
}
