/**
 * @module `isogroups [list]`: the groups of the machine.
 */
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import type { CommandSession } from '../session.ts';
import { listData } from './list/list-data.ts';
import { listText } from './list/list-text.ts';
import { listing } from './list/listing.ts';

export async function run(session: CommandSession, args: CommandArguments): Promise<Answer> {
  const [analysis, groups, names] = await Promise.all([session.analysis(), session.groups(), session.names()]);
  const found = listing(analysis, groups);
  return {
    exitCode: 0,
    data: listData(found, names),
    text: (style) => listText(found, names, style, { all: args.options.all === true }),
  };
}
