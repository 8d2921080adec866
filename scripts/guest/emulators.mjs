/**
 * @module QEMU: the one that is installed, and a newer one of Debian for devices that the other does not have.
 */
import { join } from 'node:path';
import { unpacked } from './debian.mjs';

const SUITE = 'bookworm-backports';

/**
 * The newer one runs from where it is unpacked: Debian builds it for this release, so the libraries of the installed one
 * do.
 *
 * @param {string} cache directory for downloads
 * @returns {string[]} the program, and where its own data is; firmware of other packages it finds where that is installed
 */
export function newerEmulator(cache) {
  const root = unpacked(cache, 'qemu-newer-amd64', () =>
    ['qemu-system-x86:amd64', 'qemu-system-data:all'].map((name) => `${name}/${SUITE}`),
  );
  return [join(root, 'usr/bin/qemu-system-x86_64'), '-L', join(root, 'usr/share/qemu')];
}
