/**
 * @module In which groups a device is: ours and the kernel's.
 */
import { assignability, groupName, membersOf } from '@isogroups/core';
import { joinSentence } from '../../sentences/join.ts';
import { kernelGroupNumbers } from '../../sentences/kernel-differences.ts';
import { listNames } from '../../sentences/party.ts';
import { type Entry, entry, type ShowContext } from './report.ts';

export const STATE_WORDS: Readonly<Record<'yes' | 'no' | 'undecided', string>> = Object.freeze({
  yes: 'assignable',
  no: 'not assignable',
  undecided: 'not decided',
});

export function groupEntries(context: ShowContext, party: number): readonly Entry[] {
  const { analysis, groups } = context;
  const g = groups.groupOf[party] as number;
  const companions = Array.from(membersOf(groups, g)).filter((p) => p !== party);
  const state = assignability(groups, g);
  const name = groupName(groups, g);
  const data = { name, assignable: state, with: companions.map((p) => analysis.graph.parties.nameOf(p)) };
  return [
    entry(
      'group',
      'Group',
      data,
      `${name} under policy ${groups.policy.name}: ${STATE_WORDS[state]}`,
      companions.length === 0 ? 'alone in it' : `with ${listNames(analysis, companions, 8)}`,
    ),
    kernelGroup(context, party),
  ];
}

function kernelGroup({ analysis }: ShowContext, party: number): Entry {
  const numbers = kernelGroupNumbers(analysis);
  const id = numbers[party] as number;
  const isFunction = party < analysis.topology.count;
  const why = isFunction ? joinSentence(analysis, party) : undefined;
  const companions = Array.from(numbers.keys()).filter((p) => p !== party && id >= 0 && numbers[p] === id);
  const data = {
    number: id < 0 ? null : id,
    with: companions.map((p) => analysis.graph.parties.nameOf(p)),
    rule: isFunction ? (analysis.replay.joinOf[party]?.rule ?? null) : null,
    because: why ?? null,
  };
  if (id < 0) return entry('kernelGroup', 'Kernel group', data, why === undefined ? 'none' : `none; ${why}`);
  const company = companions.length === 0 ? '' : `, with ${listNames(analysis, companions, 6)}`;
  const isAsReplayed = isFunction && hasSameCompany(analysis.replay.groupOf, numbers, party);
  const but =
    isFunction && !isAsReplayed
      ? `the rules as replayed here give it other company, see isogroups verify; they say: ${why}`
      : why;
  return entry('kernelGroup', 'Kernel group', data, `${id}${company}`, but);
}

/** Whether the function has the same companions in both, whatever the numbers. */
function hasSameCompany(a: Int32Array, b: Int32Array, i: number): boolean {
  return a.every((group, j) => (group === a[i]) === (b[j] === b[i]));
}
