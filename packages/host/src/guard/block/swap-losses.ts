/**
 * @module Swap areas in use that go with their disks.
 */
import type { MachineTree } from '@isogroups/inventory';
import { textAt } from '../../files.ts';
import { lossesOf, STAYS } from '../fate.ts';
import { evidence, type Loss } from '../loss.ts';
import type { FileSystems } from './file-systems.ts';
import { fromOctal } from './mount-table.ts';

const SWAPS = 'proc/swaps';

/** A kernel without swap has no such file. */
export function swapLosses(tree: MachineTree, systems: FileSystems): readonly Loss[] {
  const lines = (textAt(tree, SWAPS) ?? '').split('\n').slice(1);
  return lines.flatMap((line): readonly Loss[] => {
    const [name, type, size] = line.split(/\s+/);
    if (name === undefined || name === '') return [];
    const area = fromOctal(name);
    const fate = type === 'file' ? systems.fateOfFile(area) : (systems.fateOfReference(area) ?? STAYS);
    const shown = evidence(SWAPS, `${area} is in use (${size} KiB)`);
    return lossesOf(fate, { kind: 'swap', item: `swap:${area}`, subject: `swap ${area} is on`, shown: [shown] });
  });
}
