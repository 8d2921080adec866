/**
 * @module `isogroups verify`: do the rules give the groups that the kernel really made?
 */
import { isUnknown, known } from '@isogroups/pci';
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import { machineData } from '../data/machine-data.ts';
import { shortNames } from '../sentences/short-names.ts';
import type { CommandSession } from '../session.ts';
import { verify } from './verify/verification.ts';
import { verifyText } from './verify/verify-text.ts';

export async function run(session: CommandSession, _: CommandArguments): Promise<Answer> {
  const analysis = await session.analysis();
  const { machine, rules } = analysis;
  const found = verify(analysis);
  const data = { kind: 'verify', machine: machineData(analysis) };
  if (found === undefined) {
    const { groups } = machine.kernel;
    const why = isUnknown(groups) ? groups.why : '';
    const decidedBy = isUnknown(groups) ? groups.decidedBy : '';
    return {
      exitCode: 3,
      data: { ...data, comparable: false, unknown: why, decidedBy },
      text: () => `There is nothing to compare with: ${why}.\nWhat would help: ${decidedBy}.`,
    };
  }
  const release = known(machine.kernel.release) ?? 'of unknown release';
  const head = { release, rules: rules.release.series };
  return {
    exitCode: found.partitionEqual ? 0 : 1,
    data: { ...data, comparable: true, ...found },
    text: (style) => verifyText(found, head, shortNames(analysis), style),
  };
}
