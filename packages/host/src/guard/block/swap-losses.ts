/**
 * @module Swap areas in use that go with their disks.
 */
import type { MachineTree } from '@isogroups/inventory';
import { textAt } from '../../files.ts';
import { lossesOf } from '../fate.ts';
import { evidence, type Loss } from '../loss.ts';
import type { FileSystems } from './file-systems.ts';
import { fromOctal } from './mount-table.ts';

const SWAPS = 'proc/swaps';

interface SwapArea {
  readonly area: string;
  readonly isFile: boolean;
  /** KiB. */
  readonly size: string;
}

export function swapLosses(tree: MachineTree, systems: FileSystems): readonly Loss[] {
  return swapAreas(tree).flatMap(({ area, isFile, size }): readonly Loss[] => {
    const fate = isFile ? systems.fateOfFile(area) : systems.fateOfSource(area);
    const shown = evidence(SWAPS, `${area} is in use (${size} KiB)`);
    return lossesOf(fate, { kind: 'swap', item: `swap:${area}`, subject: `swap ${area} is on`, shown: [shown] });
  });
}

/** A kernel without swap has no such file. */
export function swapAreas(tree: MachineTree): readonly SwapArea[] {
  const lines = (textAt(tree, SWAPS) ?? '').split('\n').slice(1);
  return lines.flatMap((line): readonly SwapArea[] => {
    const [name, type, size] = line.split(/\s+/);
    if (name === undefined || name === '') return [];
    return [{ area: fromOctal(name), isFile: type === 'file', size: size ?? '?' }];
  });
}
