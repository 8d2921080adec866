/**
 * @module The archive that the kernel takes as its first file system.
 */
import { run } from './tools.mjs';

/**
 * @param {string} root directory with the tree; all in it belongs to root in the guest
 * @returns {Buffer} not compressed: the kernel would take longer to unpack it than QEMU to load it
 */
export function cpio(root) {
  const names = run('find', ['.', '-print0'], { cwd: root, encoding: 'buffer' });
  return run('cpio', ['--null', '-o', '-H', 'newc', '-R', '0:0', '--quiet'], {
    cwd: root,
    input: names,
    encoding: 'buffer',
  });
}
