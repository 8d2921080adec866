/**
 * @module The small machine as files that nothing reacts to.
 */
import { smallMachine } from '../../../inventory/src/testing/small-machine.ts';
import { temporaryDirectory } from '../../../inventory/src/testing/temporary-directory.ts';
import { type FileRecipes, treeEntries } from '../../../inventory/src/testing/tree-entries.ts';

/** @returns its directory */
export function inertMachine(more: FileRecipes = {}): string {
  const files: Record<string, FileRecipes[string]> = { 'proc/sys/kernel/random/boot_id': 'boot-1', ...more };
  for (const driver of ['igb', 'vfio-pci']) {
    for (const file of ['bind', 'unbind']) files[`sys/bus/pci/drivers/${driver}/${file}`] = '';
  }
  return temporaryDirectory(treeEntries({ ...smallMachine(files), 'sys/bus/pci/drivers_probe': '' }));
}
