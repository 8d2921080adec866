/**
 * @module Programs that would have the device taken from under them.
 */
import type { MachineTree } from '@isogroups/inventory';
import { lossesOf } from '../fate.ts';
import type { Leaving } from '../leaving.ts';
import { evidence, type Loss, loss } from '../loss.ts';
import type { DeviceNode } from './device-nodes.ts';
import { findHolders, type Holder, whoHangs } from './open-files.ts';

const MOST_NAMED = 4;

/** One item a file, whoever has it open. */
export function holderLosses(tree: MachineTree, nodes: readonly DeviceNode[], leaving: Leaving): readonly Loss[] {
  const { holders, unread, hanging } = findHolders(tree, leaving, nodes);
  const byPath = new Map<string, Holder[]>();
  for (const holder of holders) byPath.set(holder.path, [...(byPath.get(holder.path) ?? []), holder]);
  const open = Array.from(byPath, ([path, all]) => {
    const { fate } = all[0] as Holder;
    const names = all.slice(0, MOST_NAMED).map((h) => `${h.command} (${h.pid})`);
    const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : '';
    const subject = `${names.join(', ')}${more} ${all.length === 1 ? 'has' : 'have'} open`;
    const shown = all.map((h) => evidence(h.file, h.path));
    return lossesOf(fate, { kind: 'open-file', item: `open:${path}`, subject, shown });
  }).flat();
  const [node] = nodes;
  if (node === undefined) return open;
  const { device } = node.fate.way;
  return [...open, ...unreadLosses(unread, device), ...hangingLosses(hanging, device)];
}

function unreadLosses(unread: readonly string[], device: string): readonly Loss[] {
  if (unread.length === 0) return [];
  return [
    loss({
      kind: 'unread',
      item: 'unread:open-files',
      device,
      effect: 'undecided',
      says: `whether ${unread.length} process${unread.length === 1 ? '' : 'es'} of others ${unread.length === 1 ? 'has' : 'have'} files of ${device} open could not be read`,
      evidence: [evidence(`proc/${unread[0]}/fd`, 'permission denied')],
      decidedBy: 'run it as root',
    }),
  ];
}

function hangingLosses(hanging: readonly string[], device: string): readonly Loss[] {
  if (hanging.length === 0) return [];
  return [
    loss({
      kind: 'unread',
      item: 'unread:mapped-files',
      device,
      effect: 'undecided',
      says: `whether ${whoHangs(hanging)} ${hanging.length === 1 ? 'has' : 'have'} files of ${device} mapped could not be read`,
      evidence: hanging.map((pid) => evidence(`proc/${pid}/maps`, 'does not answer')),
      decidedBy: `wait until ${hanging.length === 1 ? 'it goes' : 'they go'} on: /proc/${hanging[0]}/stack says where it is`,
    }),
  ];
}
