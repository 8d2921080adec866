/**
 * @module `isogroups plan`: what it would take to hand devices over. Changes nothing.
 */
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import { machineData } from '../data/machine-data.ts';
import { policyData } from '../data/policy-data.ts';
import type { CommandSession } from '../session.ts';
import { deviceNames } from './handing-over/device-names.ts';
import { planData } from './handing-over/plan-data.ts';
import { planFor } from './handing-over/plan-request.ts';
import { planText } from './handing-over/plan-text.ts';
import { withWorld } from './handing-over/world.ts';

export async function run(session: CommandSession, args: CommandArguments): Promise<Answer> {
  const plan = await withWorld(session, args.options, (world) => planFor(session, args, world));
  const names = await deviceNames(session);
  return {
    exitCode: plan.refusals.length === 0 ? 0 : 1,
    data: {
      kind: 'plan',
      machine: machineData(await session.analysis()),
      policy: policyData(session.policy),
      ...planData(plan),
    },
    text: (style) => planText(plan, names, style),
  };
}
