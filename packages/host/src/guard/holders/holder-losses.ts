/**
 * @module Programs that would have the device taken from under them.
 */
import type { MachineTree } from '@isogroups/inventory';
import type { Leaving } from '../leaving.ts';
import { evidence, type Loss, loss } from '../loss.ts';
import { deviceNodes } from './device-nodes.ts';
import { findHolders, type Holder } from './open-files.ts';

const MOST_NAMED = 4;

/** One item a file, whoever has it open. */
export function holderLosses(tree: MachineTree, leaving: Leaving): readonly Loss[] {
  const nodes = deviceNodes(tree, leaving);
  const { holders, unread } = findHolders(tree, leaving, nodes);
  const byPath = new Map<string, Holder[]>();
  for (const holder of holders) byPath.set(holder.path, [...(byPath.get(holder.path) ?? []), holder]);
  const open = Array.from(byPath, ([path, all]) => {
    const { device } = all[0] as Holder;
    const names = all.slice(0, MOST_NAMED).map((h) => `${h.command} (${h.pid})`);
    const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : '';
    const says = `${names.join(', ')}${more} ${all.length === 1 ? 'has' : 'have'} ${path} of ${device} open`;
    const shown = all.map((h) => evidence(h.file, h.path));
    return loss({ kind: 'open-file', item: `open:${path}`, device, effect: 'lost', says, evidence: shown });
  });
  const [node] = nodes;
  if (unread.length === 0 || node === undefined) return open;
  return [
    ...open,
    loss({
      kind: 'unread',
      item: 'unread:open-files',
      device: node.device,
      effect: 'undecided',
      says: `whether ${unread.length} process${unread.length === 1 ? '' : 'es'} of others ${unread.length === 1 ? 'has' : 'have'} files of ${node.device} open could not be read`,
      evidence: [evidence(`proc/${unread[0]}/fd`, 'permission denied')],
      decidedBy: 'run it as root',
    }),
  ];
}
