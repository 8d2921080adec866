/**
 * @module `isogroups plan`: what it would take to hand devices over. Changes nothing.
 */
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import { machineData } from '../data/machine-data.ts';
import { policyData } from '../data/policy-data.ts';
import type { CommandSession } from '../session.ts';
import { deviceNames } from './handing-over/device-names.ts';
import { planData, planVerdict } from './handing-over/plan-data.ts';
import { planFor, planOfCapture } from './handing-over/plan-request.ts';
import { planText } from './handing-over/plan-text.ts';
import { isRunning, withWorld } from './handing-over/world.ts';

export async function run(session: CommandSession, args: CommandArguments): Promise<Answer> {
  const plan = isRunning(session)
    ? await withWorld(session, args.options, (world) => planFor(session, args, world))
    : await planOfCapture(session, args);
  const names = await deviceNames(session);
  return {
    exitCode: planVerdict(plan) === 'ready' ? 0 : 1,
    data: {
      kind: 'plan',
      machine: machineData(await session.analysis()),
      policy: policyData(session.policy),
      ...planData(plan),
    },
    text: (style) => planText(plan, names, style),
  };
}
