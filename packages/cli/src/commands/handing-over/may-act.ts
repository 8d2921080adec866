/**
 * @module Nothing is done to a machine without being asked for: --yes, or a yes on the terminal.
 */
import type { Refusal } from '@isogroups/host';
import type { Style } from '../../render/style.ts';
import type { CommandSession } from '../../session.ts';

export interface Question {
  readonly show: (style: Style) => string;
  readonly question: string;
}

export async function mayAct(
  session: CommandSession,
  options: Readonly<Record<string, unknown>>,
  { show, question }: Question,
): Promise<boolean> {
  return options.yes === true || (await session.agrees(show, question)) === true;
}

export const NOT_CONFIRMED: { readonly kind: 'refused'; readonly refusals: readonly Refusal[] } = Object.freeze({
  kind: 'refused',
  refusals: [{ kind: 'not-agreed', says: 'nobody agreed to it', fix: 'answer y on a terminal, or give --yes' }],
});
