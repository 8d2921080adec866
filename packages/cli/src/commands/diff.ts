/**
 * @module `isogroups diff`: what came, went, merged and split between two machines or two boots, and why.
 */
import { partition } from '@isogroups/core';
import { type Analysis, formatAddress } from '@isogroups/pci';
import { type Answer, UsageError } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import { machineData } from '../data/machine-data.ts';
import { policyData } from '../data/policy-data.ts';
import { deviceName, type Names } from '../names.ts';
import { shortNames } from '../sentences/short-names.ts';
import type { CommandSession } from '../session.ts';
import { type DiffNames, diffText } from './diff/diff-text.ts';
import { compareMachines } from './diff/machine-difference.ts';

export async function run(session: CommandSession, { positional }: CommandArguments): Promise<Answer> {
  const [a, b] = positional;
  if (a === undefined || b === undefined)
    throw new UsageError('name two machines: isogroups diff before.tar.gz after.tar.gz');
  if (session.globals.machine !== undefined) {
    throw new UsageError('diff names its two machines itself; leave --machine out, or write / for this machine');
  }
  if (a === '-' && b === '-') throw new UsageError('only one of the two can come from standard input');
  const before = await session.analysisOf(a);
  const after = await session.analysisOf(b);
  const side = (analysis: Analysis) => ({ analysis, partition: partition(analysis.graph, session.policy) });
  const found = compareMachines(side(before), side(after));
  const names = diffNames(before, after, session.policy.name, await session.names());
  return {
    exitCode: found.same ? 0 : 1,
    data: {
      kind: 'diff',
      before: machineData(before),
      after: machineData(after),
      policy: policyData(session.policy),
      ...found,
    },
    text: (style) => diffText(found, names, style),
  };
}

function diffNames(before: Analysis, after: Analysis, policy: string, names: Names): DiffNames {
  const sides = { before: side(before, names), after: side(after, names) };
  return {
    before: before.machine.source.label,
    after: after.machine.source.label,
    policy,
    short: (which, device) => sides[which].short(device),
    describe: (which, device) => `${sides[which].short(device)} ${sides[which].name(device)}`.trimEnd(),
  };
}

function side(analysis: Analysis, names: Names) {
  const functions = new Map(analysis.machine.functions.map((f) => [formatAddress(f), f]));
  return {
    short: shortNames(analysis),
    name: (device: string): string => {
      const f = functions.get(device);
      return f === undefined ? '' : deviceName(names, f);
    },
  };
}
