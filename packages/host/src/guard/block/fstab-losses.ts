/**
 * @module Entries of /etc/fstab that the next start would look for in vain.
 */
import { isReadFailure, type MachineTree, type ReadFailure } from '@isogroups/inventory';
import { textOrNone } from '../../files.ts';
import { lossesOf } from '../fate.ts';
import { evidence, type Loss, loss } from '../loss.ts';
import { unreadLoss } from '../unread.ts';
import type { FileSystems } from './file-systems.ts';
import { fromOctal } from './mount-table.ts';

const FSTAB = 'etc/fstab';

interface Entry {
  readonly reference: string;
  /** `none` for swap. */
  readonly place: string;
  readonly type: string;
  readonly line: number;
}

/**
 * A disk that nothing here names by its UUID may be one that is not plugged in, or one that leaves: the latter only where
 * disks leave.
 */
export function fstabLosses(tree: MachineTree, systems: FileSystems): readonly Loss[] {
  const leaving = systems.stack.devices.all
    .map(({ name }) => systems.stack.fateOf(name))
    .find((f) => f.kind === 'leaves');
  const text = textOrNone(tree, FSTAB);
  if (isReadFailure(text)) return leaving?.kind === 'leaves' ? [unreadFstab(leaving.way.device, text)] : [];
  return entriesOf(text ?? '').flatMap((entry): readonly Loss[] => {
    const { reference, place, type, line } = entry;
    const item = type === 'swap' ? `fstab:${reference}` : `fstab:${place}`;
    const what = type === 'swap' ? `swap ${reference}` : place;
    const shown = evidence(FSTAB, `line ${line}: ${reference} ${place} ${type}`);
    const fate = systems.fateOfReference(reference);
    if (fate !== undefined) {
      return lossesOf(fate, { kind: 'fstab', item, subject: `the next start looks for ${what} on`, shown: [shown] });
    }
    if (leaving?.kind !== 'leaves' || !namesDisk(reference)) return [];
    const says = `the next start looks for ${what} on ${reference}, and whether that is a disk of ${leaving.way.device} is not known`;
    const { device } = leaving.way;
    return [loss({ kind: 'fstab', item, device, effect: 'undecided', says, evidence: [shown], decidedBy: 'lsblk -f' })];
  });
}

function unreadFstab(device: string, failure: ReadFailure): Loss {
  const question = `whether the next start looks for a disk of ${device}`;
  return unreadLoss({ device, area: 'fstab', question, file: FSTAB, failure });
}

const namesDisk = (reference: string): boolean => /^(?:[A-Z]+=|\/dev\/)/.test(reference);

function entriesOf(text: string): readonly Entry[] {
  return text.split('\n').flatMap((line, index): Entry[] => {
    const [reference, place, type] = line.trim().split(/\s+/).map(fromOctal);
    if (reference === undefined || reference.startsWith('#') || place === undefined || type === undefined) return [];
    return [{ reference, place, type, line: index + 1 }];
  });
}
