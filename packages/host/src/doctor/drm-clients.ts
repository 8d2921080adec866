/**
 * @module Who draws with a graphics card: the clients that the kernel lists, masters among them.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt, textAt } from '../files.ts';

export interface DrmClient {
  readonly command: string;
  readonly pid: string;
  /** Of the screens: the one that decides what is shown. */
  readonly master: boolean;
}

const DIRECTORY = 'sys/kernel/debug/dri';

/**
 * debugfs, for root alone. `command pid dev master a uid magic`: before the pid the name, which may hold blanks.
 *
 * @returns undefined where the list of the card cannot be read
 */
export function drmClients(tree: MachineTree, device: string): readonly DrmClient[] | undefined {
  const minors = namesAt(tree, `sys/bus/pci/devices/${device}/drm`).filter((name) => name.startsWith('card'));
  const texts = minors.map((name) => textAt(tree, `${DIRECTORY}/${name.slice('card'.length)}/clients`));
  if (texts.includes(undefined)) return undefined;
  return texts.flatMap((text) =>
    (text ?? '').split('\n').flatMap((line): DrmClient[] => {
      const found = /^\s*(.+?)\s+(\d+)\s+\d+\s+([yn])\s+[yn]\s/.exec(line);
      return found === null ? [] : [{ command: found[1] as string, pid: found[2] as string, master: found[3] === 'y' }];
    }),
  );
}
