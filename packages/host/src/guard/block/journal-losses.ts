/**
 * @module Journals of ext4 on a disk of their own: the file system is elsewhere, and no option of the mount names them.
 */
import type { MachineTree } from '@isogroups/inventory';
import { namesAt } from '../../files.ts';
import { lossesOf } from '../fate.ts';
import { evidence, type Loss } from '../loss.ts';
import type { FileSystems } from './file-systems.ts';

const JOURNALS = 'proc/fs/jbd2';

/** A journal within its file system has the number of its file, and is no block device by that name: `nvme0n1p2-8`. */
export function journalLosses(tree: MachineTree, { stack }: FileSystems): readonly Loss[] {
  return namesAt(tree, JOURNALS).flatMap((name) => {
    const shown = [evidence(`${JOURNALS}/${name}`, `${name} is a journal in use`)];
    const subject = 'the journal of a file system is on';
    return lossesOf(stack.fateOf(name), { kind: 'journal', item: `journal:/dev/${name}`, subject, shown });
  });
}
