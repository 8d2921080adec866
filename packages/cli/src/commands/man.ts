/**
 * @module `isogroups man`: the manual page as roff.
 */
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import { COMMANDS, EXIT_CODES, GLOBAL_OPTIONS } from '../command-table.ts';
import type { CommandSession } from '../session.ts';
import { VERSION } from '../version.ts';
import { manPage } from './man/man-page.ts';

export async function run(_session: CommandSession, _args: CommandArguments): Promise<Answer> {
  const text = manPage({ version: VERSION, commands: COMMANDS, globals: GLOBAL_OPTIONS, exitCodes: EXIT_CODES });
  return { exitCode: 0, data: { kind: 'man', page: text }, text: () => text };
}
