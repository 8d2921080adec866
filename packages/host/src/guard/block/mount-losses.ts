/**
 * @module File systems in use that go with their disks, in all mount namespaces that can be seen.
 */
import { lossesOf } from '../fate.ts';
import { evidence, type Loss, type LossKind } from '../loss.ts';
import type { FileSystems } from './file-systems.ts';
import type { MountNamespace } from './mount-namespaces.ts';
import type { Mount } from './mount-table.ts';

/** Where the next start looks first. */
const BOOT = new Set(['/boot', '/boot/efi', '/efi', '/esp', '/boot/firmware']);

export function mountLosses(systems: FileSystems, namespaces: readonly MountNamespace[]): readonly Loss[] {
  const found = new Map<string, Loss>();
  const ours = new Set(namespaces.flatMap(({ own, mounts }) => (own ? mounts.map(placeOf) : [])));
  for (const { own, file, who, mounts } of namespaces) {
    for (const mount of mounts) {
      // In a container the same disk is often mounted at the same place as outside: once is enough.
      const item = own ? `mount:${mount.mountPoint}` : `mount:${mount.mountPoint}@${mount.number}`;
      if (found.has(item) || (!own && ours.has(placeOf(mount)))) continue;
      const shown = evidence(file, `${mount.source} is mounted at ${mount.mountPoint} (${mount.type})`);
      const subject = own ? `${titleOf(mount)} is on` : `${mount.mountPoint}, mounted where ${who} runs, is on`;
      const kind = own ? kindOf(mount) : 'mount';
      const [lost] = lossesOf(systems.fateOf(mount), { kind, item, subject, shown: [shown] });
      if (lost !== undefined) found.set(item, lost);
    }
  }
  return [...found.values()];
}

const placeOf = ({ number, mountPoint }: Mount): string => `${number} ${mountPoint}`;

function kindOf({ mountPoint }: Mount): LossKind {
  if (mountPoint === '/') return 'root';
  return BOOT.has(mountPoint) ? 'boot' : 'mount';
}

function titleOf(mount: Mount): string {
  const kind = kindOf(mount);
  if (kind === 'root') return 'the root file system';
  return kind === 'boot' ? `${mount.mountPoint}, from which the machine starts,` : mount.mountPoint;
}
