/**
 * @module What a release or a recovery would write: shown instead of it, or before somebody agrees to it.
 */
import type { HomePlan } from '@isogroups/host';
import type { Style } from '../../render/style.ts';
import { bullets, sections, stepList } from './plan-text.ts';

/** What came of it, or what would; with what could not be seen of who uses the devices. */
export type Homecoming<Outcome> = (Outcome | Pick<HomePlan, 'kind' | 'steps'>) & Pick<HomePlan, 'notes'>;

export function homePlanText({ steps, notes }: Pick<HomePlan, 'steps' | 'notes'>, style: Style): string {
  return sections(
    [
      ['What would be written, in this order', stepList(steps, style)],
      ['Not known', bullets(notes, style)],
    ],
    style,
  );
}
