/**
 * @module `isogroups simulate <machine>`: what a text in the language of machines describes, and its snapshot.
 */
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import { simulated } from '../open-where.ts';
import type { CommandSession } from '../session.ts';
import { simulateData } from './simulate/simulate-data.ts';
import { simulateText } from './simulate/simulate-text.ts';

/** @throws UsageError for what is no machine, CannotWriteSnapshot */
export async function run(_session: CommandSession, args: CommandArguments): Promise<Answer> {
  const machine = await simulated(args.positional.join(' '));
  const output = typeof args.options.output === 'string' ? args.options.output : undefined;
  if (output !== undefined) {
    const { packSnapshot, writeSnapshot } = await import('@isogroups/inventory');
    writeSnapshot(output, await packSnapshot(machine.files), { force: args.options.force === true });
  }
  const data = simulateData(machine, output);
  return { exitCode: 0, data: { ...data }, text: (style) => simulateText(data, style) };
}
