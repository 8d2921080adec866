/**
 * @module `isogroups why <a> <b>`: how one device can disturb another, or what keeps it from doing so.
 */
import { type Answer, UsageError } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import type { CommandSession } from '../session.ts';
import { resolveDevice } from '../targets.ts';
import { findChains } from './why/find-chains.ts';
import { guarantees } from './why/guarantees.ts';
import { whyData } from './why/why-data.ts';
import { whyText } from './why/why-text.ts';

/** Exit code 0: there is a chain that the policy does not accept. 1: none, or only of accepted interferences. */
export async function run(session: CommandSession, args: CommandArguments): Promise<Answer> {
  const [a = '', b = ''] = args.positional;
  const [analysis, groups] = await Promise.all([session.analysis(), session.groups()]);
  const from = resolveDevice(analysis, a);
  const to = b === 'host' ? 'host' : resolveDevice(analysis, b);
  if (from === to) throw new UsageError(`${a} and ${b} are one device; name two`);
  const chains = findChains(groups, from, to);
  const isConnected = chains.some((c) => !c.accepted);
  const reasons = isConnected ? [] : guarantees(analysis, from, to);
  const found = { analysis, policy: session.policy, from, to, chains, guarantees: reasons } as const;
  return { exitCode: isConnected ? 0 : 1, data: whyData(found), text: (style) => whyText(found, style) };
}
