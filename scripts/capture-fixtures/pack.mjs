/**
 * @module Turns what a guest sent into fixtures/<name>/: the snapshot, the same bytes for the same content, and machine.json.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../guest/tools.mjs';

/**
 * @param {{ archive: Buffer, scratch: string, folder: string, about: object }} result
 *   `about` opens machine.json; the kernel's groups follow
 */
export function pack({ archive, scratch, folder, about }) {
  const root = join(scratch, 'snapshot');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  run('tar', ['-xz'], { cwd: root, input: archive });
  run('chmod', ['-R', 'u+rwX,go=rX', root]);

  mkdirSync(folder, { recursive: true });
  const plain = ['--format=ustar', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  const tar = run('tar', ['-c', ...plain, '-C', root, ...readdirSync(root).sort()], { encoding: 'buffer' });
  writeFileSync(join(folder, 'snapshot.tar.gz'), run('gzip', ['-9n'], { input: tar, encoding: 'buffer' }));
  writeFileSync(join(folder, 'machine.json'), `${JSON.stringify({ ...about, ...kernelGroups(root) }, null, 2)}\n`);
}

/** What the kernel decided: group number of each device, and the PCI functions that have none. */
function kernelGroups(root) {
  const list = (path) => (existsSync(join(root, path)) ? readdirSync(join(root, path)).sort() : []);
  const groups = {};
  for (const id of list('sys/kernel/iommu_groups')) {
    for (const device of list(`sys/kernel/iommu_groups/${id}/devices`)) groups[device] = Number(id);
  }
  return {
    groups: Object.fromEntries(Object.entries(groups).sort(([a], [b]) => (a < b ? -1 : 1))),
    ungrouped: list('sys/bus/pci/devices').filter((device) => groups[device] === undefined),
  };
}
