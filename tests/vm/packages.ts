/**
 * @module The Debian packages that bring the programs that the tests in virtual machines call.
 */

/** Program or file → package. */
export const PACKAGES: Readonly<Record<string, string>> = Object.freeze({
  'qemu-system-x86_64': 'qemu-system-x86',
  '/usr/share/qemu/kvmvapic.bin': 'qemu-system-data',
  '/usr/share/seabios/bios-256k.bin': 'seabios',
  depmod: 'kmod',
  cpio: 'cpio',
  'dpkg-deb': 'dpkg',
  xz: 'xz-utils',
  gcc: 'gcc',
  mke2fs: 'e2fsprogs',
  lvm: 'lvm2',
  dmsetup: 'dmsetup',
  flock: 'util-linux',
  lspci: 'pciutils',
  '/usr/share/misc/pci.ids': 'pci.ids',
  '/usr/bin/python3': 'python3-minimal',
  '/usr/lib/python3.11/subprocess.py': 'libpython3-stdlib',
  '/usr/include/stdio.h': 'libc6-dev',
  '/usr/share/keyrings/debian-archive-keyring.gpg': 'debian-archive-keyring',
});
