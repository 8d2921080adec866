/**
 * @module `isogroups confirm`: keeps a claim that would be given back otherwise.
 */
import { confirm, confirmable } from '@isogroups/host';
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import type { CommandSession } from '../session.ts';
import { refusalData } from './handing-over/plan-data.ts';
import { refusalList, sections } from './handing-over/plan-text.ts';
import { withWorld } from './handing-over/world.ts';

export async function run(session: CommandSession, { positional, options }: CommandArguments): Promise<Answer> {
  const id = positional[0] as string;
  const outcome = await withWorld(session, options, async (world) =>
    options.dryRun === true ? confirmable(id, world) : confirm(id, world),
  );
  const refusals = outcome.kind === 'refused' ? outcome.refusals : [];
  return {
    exitCode: outcome.kind === 'refused' ? 1 : 0,
    data: {
      kind: 'confirm',
      claim: id,
      outcome: outcome.kind,
      refusals: refusalData(refusals),
    },
    text: (style) => {
      if (outcome.kind === 'refused') return sections([['In the way', refusalList(refusals, style)]], style);
      return outcome.kind === 'confirmed'
        ? `Claim ${style.name(id)} is kept.`
        : `Claim ${style.name(id)} would be kept.`;
    },
  };
}
