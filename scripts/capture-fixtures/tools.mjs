/**
 * @module The programs that the capture calls, and the Debian packages that bring them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program or file → Debian package. */
const PACKAGES = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-system-aarch64': 'qemu-system-arm',
  depmod: 'kmod',
  cpio: 'cpio',
  'dpkg-deb': 'dpkg',
  xz: 'xz-utils',
  lspci: 'pciutils',
  '/usr/share/misc/pci.ids': 'pci.ids',
  '/usr/share/keyrings/debian-archive-keyring.gpg': 'debian-archive-keyring',
  '/usr/share/qemu/kvmvapic.bin': 'qemu-system-data',
  '/usr/share/seabios/bios-256k.bin': 'seabios',
};

/** Debian packages that have to be installed first. */
export function missingPackages() {
  const paths = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const present = (name) =>
    name.startsWith('/') ? existsSync(name) : paths.some((path) => existsSync(join(path, name)));
  return Object.entries(PACKAGES).flatMap(([name, debian]) => (present(name) ? [] : [debian]));
}

/** Runs a program to its end and returns what it wrote. Throws when it fails, with its own words. */
export function run(program, args, options = {}) {
  const env = { ...process.env, PATH: `${process.env.PATH}${delimiter}/usr/sbin${delimiter}/sbin` };
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}\nended with ${status}: ${stderr || stdout}`);
  return stdout;
}
