/**
 * @module What could not be looked into is an item of its own: it may hide anything.
 */
import type { ReadFailure } from '@isogroups/inventory';
import { evidence, type Loss, loss } from './loss.ts';

export interface UnreadArea {
  readonly device: string;
  /** The end of the item's name: `mounts`. */
  readonly area: string;
  /** Completes "could not be read: ": whether the host uses disks of 0000:01:00.0 */
  readonly question: string;
  readonly file: string;
  readonly failure: ReadFailure;
}

export function unreadLoss({ device, area, question, file, failure }: UnreadArea): Loss {
  return loss({
    kind: 'unread',
    item: `unread:${area}`,
    device,
    effect: 'undecided',
    says: `${question} could not be read`,
    evidence: [evidence(file, failure.message)],
    decidedBy: DECIDED_BY[failure.reason] ?? 'run it on the machine itself',
  });
}

const DECIDED_BY: Partial<Record<ReadFailure['reason'], string>> = {
  denied: 'run it as root',
  locked: 'wait until the kernel lets the device go',
};
