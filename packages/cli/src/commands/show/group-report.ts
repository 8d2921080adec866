/**
 * @module What `show` says of a group, ours or the kernel's.
 */
import {
  assignability,
  groupName,
  type Interference,
  membersOf,
  POLICIES,
  partition,
  spansHold,
} from '@isogroups/core';
import { formatAddress, known, type PciFunction, resetOf } from '@isogroups/pci';
import { deviceData } from '../../data/device-data.ts';
import { factData } from '../../data/fact-data.ts';
import { groupEdges } from '../../group-edges.ts';
import { aloneSentence } from '../../sentences/alone.ts';
import { joinSentence } from '../../sentences/join.ts';
import { kernelDifferences, kernelGroupNumbers } from '../../sentences/kernel-differences.ts';
import { listNames, listWords, nameOf } from '../../sentences/party.ts';
import { togetherSentences } from '../../sentences/together.ts';
import type { Target } from '../../targets.ts';
import { memberTables } from '../list/member-table.ts';
import { STATE_WORDS } from './group-entries.ts';
import { type Entry, entry, factText, type Report, type ShowContext } from './report.ts';
import { reservedOfGroups } from './reserved-entry.ts';

type GroupTarget = Exclude<Target, { kind: 'device' }>;

export function groupReport(context: ShowContext, target: GroupTarget): Report {
  const { analysis, groups } = context;
  const { parties } = target;
  return {
    sort: target.kind,
    name: target.kind === 'group' ? groupName(groups, target.group) : `group ${target.id}`,
    title: target.kind === 'group' ? `: ${STATE_WORDS[assignability(groups, target.group)]}` : ' of the kernel',
    entries: [
      ...(target.kind === 'group'
        ? ownEntries(context, target.group, parties)
        : kernelEntries(context, target.id, parties)),
      units(context, parties),
      ...resets(context, parties),
      otherPolicies(context, parties),
    ],
    sections: [members(context, parties)],
    interferences: concerning(analysis.graph.interferences, parties),
  };
}

function ownEntries(context: ShowContext, g: number, parties: readonly number[]): readonly Entry[] {
  const { analysis, groups } = context;
  const edges = groupEdges(groups);
  const numbers = kernelGroupNumbers(analysis);
  const ids = [...new Set(parties.map((p) => numbers[p] as number).filter((n) => n >= 0))].sort((a, b) => a - b);
  const functions = parties.filter((p) => p < analysis.topology.count);
  const only = functions[0];
  const because =
    functions.length === 1 && only !== undefined
      ? [aloneSentence(analysis, only)]
      : togetherSentences(analysis, edges.inside(g), functions);
  const differences = kernelDifferences(analysis, groups, edges, numbers).filter((d) => d.groups.includes(g));
  return [
    entry(
      'assignable',
      'State',
      assignability(groups, g),
      `${STATE_WORDS[assignability(groups, g)]} under policy ${groups.policy.name}`,
    ),
    entry('because', functions.length === 1 ? 'Alone' : 'Together', because, ...because),
    entry('kernelGroups', 'Kernel group', ids, ids.length === 0 ? 'none' : listWords(ids.map(String), 12)),
    entry(
      'differences',
      'But',
      differences.map((d) => d.says),
      ...differences.map((d) => d.says),
    ),
    reservedOfGroups(context, ids),
  ];
}

function kernelEntries(context: ShowContext, id: number, parties: readonly number[]): readonly Entry[] {
  const { analysis, groups } = context;
  const ours = [...new Set(parties.map((p) => groups.groupOf[p] as number))];
  const group = known(analysis.machine.kernel.groups)?.find((k) => k.id === id);
  const joins = parties.filter((p) => p < analysis.topology.count).map((p) => ({ p, says: joinSentence(analysis, p) }));
  const names = ours.map((g) => groupName(groups, g));
  return [
    entry(
      'groups',
      'Here',
      ours.map((g) => ({ name: groupName(groups, g), assignable: assignability(groups, g) })),
      ...ours.map(
        (g, k) =>
          `${names[k]} under policy ${groups.policy.name}: ${STATE_WORDS[assignability(groups, g)]}${wider(context, g, parties)}`,
      ),
    ),
    entry(
      'joins',
      'Because',
      joins.map(({ p, says }) => ({ device: analysis.graph.parties.nameOf(p), says })),
      ...joins.map(({ p, says }) => `${nameOf(analysis, p)}: ${says}`),
    ),
    entry(
      'type',
      'Type',
      factData(group?.type ?? null),
      group === undefined ? undefined : factText(group.type, (t) => t ?? 'not told by this kernel'),
    ),
    reservedOfGroups(context, [id]),
  ];
}

function wider({ analysis, groups }: ShowContext, g: number, parties: readonly number[]): string {
  const more = Array.from(membersOf(groups, g)).filter((p) => !parties.includes(p));
  return more.length === 0 ? '' : `, with ${listNames(analysis, more, 6)}`;
}

function units({ analysis }: ShowContext, parties: readonly number[]): Entry {
  const names = [...new Set(parties.map((p) => analysis.graph.parties.unitOf(p) ?? 'none'))];
  return entry('units', 'IOMMU', names, names.join(', '));
}

const EACH_ALONE = 'each device can be reset on its own';
/** How those are reset that have no reset of their own. */
const OTHER_RESETS = [
  ['shared', 'only with the whole bus'],
  ['none', 'the kernel knows no way for'],
  ['unknown', 'whether alone was not read'],
] as const;

function resets({ analysis }: ShowContext, parties: readonly number[]): readonly Entry[] {
  const ends = parties.filter((p) => p < analysis.topology.count && !analysis.graph.parties.isBridge(p));
  const scopeOf = (p: number): ReturnType<typeof resetOf> => resetOf(analysis.machine.functions[p] as PciFunction);
  const notAlone = ends.filter((p) => scopeOf(p) !== 'own');
  const lines = OTHER_RESETS.flatMap(([scope, words]) => {
    const these = notAlone.filter((p) => scopeOf(p) === scope);
    return these.length === 0 ? [] : [`${words}: ${listNames(analysis, these, 8)}`];
  });
  const names = notAlone.map((p) => formatAddress(analysis.machine.functions[p] as PciFunction));
  return [entry('notResetAlone', 'Reset', names, ...(ends.length > 0 && lines.length === 0 ? [EACH_ALONE] : lines))];
}

/** The group of the same devices under the named policies: coarser the less is accepted. */
function otherPolicies({ analysis }: ShowContext, parties: readonly number[]): Entry {
  const found = Object.values(POLICIES).map((policy) => {
    const p = partition(analysis.graph, policy);
    const inside = [...new Set(parties.map((party) => p.groupOf[party] as number))];
    return {
      policy: policy.name,
      groups: inside.map((g) => ({
        name: groupName(p, g),
        size: membersOf(p, g).length,
        assignable: assignability(p, g),
      })),
    };
  });
  const text = found.map(
    (x) =>
      `${x.policy}: ${listWords(
        x.groups.map(
          (g) => `${g.name} of ${g.size === 1 ? '1 device' : `${g.size} devices`}, ${STATE_WORDS[g.assignable]}`,
        ),
        3,
      )}`,
  );
  return entry('policies', 'Policies', found, ...text);
}

function members(context: ShowContext, parties: readonly number[]): Report['sections'][number] {
  const { analysis, names } = context;
  return {
    key: 'members',
    title: 'MEMBERS',
    data: parties.map((p) => deviceData(analysis, names, p)),
    text: (style) => {
      const one = { members: parties };
      return memberTables(analysis, names, style, [one], { indent: 2, all: true })(one);
    },
  };
}

/** All that a member has a part in. */
function concerning(edges: readonly Interference[], parties: readonly number[]): readonly Interference[] {
  return edges.filter((edge) =>
    parties.some((p) => spansHold(edge.actors, p) || (edge.reach !== 'host' && spansHold(edge.reach, p))),
  );
}
