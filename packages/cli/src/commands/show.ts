/**
 * @module `isogroups show <device|group>`: all that bears on a device or a group.
 */
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import type { CommandSession } from '../session.ts';
import { resolveTarget } from '../targets.ts';
import { deviceReport } from './show/device-report.ts';
import { groupReport } from './show/group-report.ts';
import { reportData, reportText } from './show/report.ts';

export async function run(session: CommandSession, args: CommandArguments): Promise<Answer> {
  const [analysis, groups, names] = await Promise.all([session.analysis(), session.groups(), session.names()]);
  const target = resolveTarget(analysis, groups, args.positional[0] ?? '');
  const context = { analysis, groups, names };
  const report = target.kind === 'device' ? deviceReport(context, target.party) : groupReport(context, target);
  return { exitCode: 0, data: reportData(context, report), text: (style) => reportText(context, report, style) };
}
