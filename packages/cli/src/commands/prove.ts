/**
 * @module `isogroups prove`: every packet that the devices can send against the groups, and every interference against the
 * packets.
 */
import type { Partition } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { givenGroups, prove, subjectOf } from '@isogroups/simulator';
import { type Answer, UsageError } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import type { CommandSession } from '../session.ts';
import { kernelGroupsOf } from '../targets.ts';
import { proveData } from './prove/prove-data.ts';
import { proveText } from './prove/prove-text.ts';

/** Exit code 0: proven. 1: a packet gets out, or an interference is not shown. */
export async function run(session: CommandSession, args: CommandArguments): Promise<Answer> {
  const { groups: whose = 'graph' } = args.options;
  if (whose !== 'graph' && whose !== 'kernel') throw new UsageError(`--groups ${whose}: write graph or kernel`);
  const [analysis, own] = await Promise.all([session.analysis(), session.groups()]);
  const groups = whose === 'graph' ? own : groupsOfKernel(analysis, own);
  const found = { analysis, whose, proof: prove(subjectOf(analysis), groups) } as const;
  const { escapes, unshown } = found.proof;
  const isProven = escapes.length === 0 && (whose === 'kernel' || unshown.length === 0);
  return { exitCode: isProven ? 0 : 1, data: proveData(found), text: (style) => proveText(found, style) };
}

function groupsOfKernel(analysis: Analysis, { graph, policy }: Partition): Partition {
  const groups = kernelGroupsOf(analysis);
  if (groups.size === 0) throw new UsageError('the kernel made no groups on this machine: there is nothing to prove');
  const given = new Int32Array(graph.parties.count).fill(-1);
  for (const [id, parties] of groups) for (const party of parties) given[party] = id;
  return givenGroups(graph, policy, given);
}
