/**
 * @module Everything that acts does so under the lock, with a journal that can be read.
 */
import type { DatedRecord } from '../journal/record.ts';
import { type Refusal, refusal } from '../plan/refusal.ts';
import { ask, type Protocol } from './effect.ts';

type Refused = { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

export function* underLock<R>(act: (records: readonly DatedRecord[]) => Protocol<R>): Protocol<R | Refused> {
  const lock = yield* ask({ kind: 'lock' });
  if (lock.kind === 'busy') {
    return refused(refusal('busy', `another command acts now (${lock.holder})`, 'wait for it to end'));
  }
  if (lock.kind === 'failed') {
    return refused(
      refusal(
        'journal',
        `the journal cannot be locked: ${lock.says}`,
        'run as root, or name another place with --state',
      ),
    );
  }
  const { records, damagedLine } = yield* ask({ kind: 'read-journal' });
  const result =
    damagedLine === undefined
      ? yield* act(records)
      : refused(
          refusal(
            'journal',
            `line ${damagedLine} of the journal is damaged, so what is under way is not known`,
            'bring the devices named in it home by hand, then put the journal aside',
          ),
        );
  yield* ask({ kind: 'unlock' });
  return result;
}

const refused = (why: Refusal): Refused => ({ kind: 'refused', refusals: [why] });
