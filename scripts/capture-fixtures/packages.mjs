/**
 * @module The Debian packages that bring the programs that the capture calls.
 */

/** Program or file → Debian package. */
export const PACKAGES = {
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
