/**
 * @module Two machines compared: devices, the kernel's groups, the groups of a policy, and the facts behind them.
 */
import { assignability, edgesOfGroup, groupName, type Partition } from '@isogroups/core';
import { type Analysis, isUnknown } from '@isogroups/pci';
import { evidenceSentence, interferenceSentence } from '../../sentences/interference.ts';
import { joinSentence } from '../../sentences/join.ts';
import { nameOf } from '../../sentences/party.ts';
import { numbersOf } from '../verify/verification.ts';
import { type ChangedFact, deviceFacts, machineFacts } from './changed-facts.ts';
import { compareGroups, type GroupChange, type GroupOf, type GroupPart } from './compare-groups.ts';
import { type DeviceMatch, matchDevices } from './match-devices.ts';

export interface Side {
  readonly analysis: Analysis;
  readonly partition: Partition;
}

export interface GroupData {
  /** null: these have no group. */
  readonly group: string | null;
  readonly members: readonly string[];
}

export interface ChangeData {
  readonly kind: GroupChange['kind'] | 'state';
  readonly before: readonly GroupData[];
  readonly after: readonly GroupData[];
  /** `assignable`, `not assignable`, `undecided`, for kind `state`. */
  readonly states: readonly [string, string] | null;
  readonly reasons: readonly string[];
}

interface FactData {
  readonly device: string | null;
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

export interface MachineDifference {
  readonly same: boolean;
  readonly inBoth: number;
  readonly came: readonly string[];
  readonly went: readonly string[];
  /** In another slot. */
  readonly moved: readonly (readonly [before: string, after: string])[];
  /** In the same slot, under another address. */
  readonly readdressed: readonly (readonly [before: string, after: string])[];
  /** null where one of the two does not tell. */
  readonly kernelGroups: readonly ChangeData[] | null;
  readonly kernelRenumbered: readonly (readonly [before: number, after: number])[];
  readonly policyGroups: readonly ChangeData[];
  readonly facts: readonly FactData[];
}

export function compareMachines(a: Side, b: Side): MachineDifference {
  const match = matchDevices(a.analysis.machine, b.analysis.machine);
  const facts = [
    ...machineFacts(a.analysis, b.analysis),
    ...match.pairs.flatMap((pair) => deviceFacts(a.analysis, b.analysis, pair)),
  ];
  const name = (side: Side, i: number): string => side.analysis.graph.parties.nameOf(i);
  const context = { a, b, match, facts };
  const kernel = kernelGroups(context);
  const policyGroups = groupsOfPolicy(context);
  const readdressed = match.pairs.filter((p) => !match.moved.some((m) => m.a === p.a) && name(a, p.a) !== name(b, p.b));
  const names = (pair: { readonly a: number; readonly b: number }): readonly [string, string] => [
    name(a, pair.a),
    name(b, pair.b),
  ];
  return {
    // Numbers are handles for today: other addresses and group numbers alone are no difference.
    same:
      match.came.length + match.went.length + match.moved.length + facts.length + policyGroups.length === 0 &&
      (kernel?.changes.length ?? 0) === 0,
    inBoth: match.pairs.length,
    came: match.came.map((j) => name(b, j)),
    went: match.went.map((i) => name(a, i)),
    moved: match.moved.map(names),
    readdressed: readdressed.map(names),
    kernelGroups: kernel?.changes ?? null,
    kernelRenumbered: kernel?.renumbered ?? [],
    policyGroups,
    facts: facts.map((f) => ({
      device: f.device === undefined ? null : name(a, f.device),
      what: f.what,
      before: f.before,
      after: f.after,
    })),
  };
}

interface Context {
  readonly a: Side;
  readonly b: Side;
  readonly match: DeviceMatch;
  readonly facts: readonly ChangedFact[];
}

function kernelGroups(
  context: Context,
):
  | { readonly changes: readonly ChangeData[]; readonly renumbered: readonly (readonly [number, number])[] }
  | undefined {
  const groupOf = ({ analysis }: Side): GroupOf | undefined => {
    const { groups } = analysis.machine.kernel;
    if (isUnknown(groups)) return undefined;
    const numbers = numbersOf(analysis, groups);
    return (i) => numbers.get(i);
  };
  const [before, after] = [groupOf(context.a), groupOf(context.b)];
  if (before === undefined || after === undefined) return undefined;
  const { changes, renumbered } = compareGroups(context.match, before, after);
  const label = (g: number): string => String(g);
  return {
    changes: changes.map((change) => changeData(context, change, label, label, rulesBehind(context, change))),
    renumbered: renumbered.map((r) => [r.before, r.after] as const),
  };
}

function groupsOfPolicy(context: Context): readonly ChangeData[] {
  const { a, b, match } = context;
  const of =
    ({ partition }: Side): GroupOf =>
    (i) =>
      partition.groupOf[i] as number;
  const label =
    ({ partition }: Side) =>
    (g: number): string =>
      groupName(partition, g);
  const { changes, same } = compareGroups(match, of(a), of(b));
  const data = (change: GroupChange): ChangeData =>
    changeData(context, change, label(a), label(b), interferencesBehind(context, change));
  const found = changes.map(data);
  for (const { before, after } of same) {
    const [old, now] = [stateOf(a, before), stateOf(b, after)];
    if (old === now) continue;
    found.push({ ...data({ kind: 'members', before: [before], after: [after] }), kind: 'state', states: [old, now] });
  }
  return found;
}

function stateOf({ partition }: Side, { group }: GroupPart): string {
  const state = assignability(partition, group as number);
  return state === 'yes' ? 'assignable' : state === 'no' ? 'not assignable' : 'undecided';
}

function changeData(
  context: Context,
  change: GroupChange,
  labelA: (g: number) => string,
  labelB: (g: number) => string,
  mechanism: readonly string[],
): ChangeData {
  const data =
    (side: Side, label: (g: number) => string) =>
    (part: GroupPart): GroupData => ({
      group: part.group === undefined ? null : label(part.group),
      members: part.members.map((i) => side.analysis.graph.parties.nameOf(i)),
    });
  return {
    kind: change.kind,
    before: change.before.map(data(context.a, labelA)),
    after: change.after.map(data(context.b, labelB)),
    states: null,
    reasons: [...new Set([...factsBehind(context, change), ...mechanism])].slice(0, MOST),
  };
}

const MOST = 6;

/** What changed at the functions of the groups, at the ports above them and at the machine. */
function factsBehind({ a, facts }: Context, change: GroupChange): readonly string[] {
  const involved = new Set<number>();
  const { functions } = a.analysis.machine;
  for (const i of change.before.flatMap((p) => p.members)) {
    for (let at = i; at >= 0; at = functions[at]?.parent ?? -1) involved.add(at);
  }
  return facts
    .filter((f) => f.bearsOnGroups && (f.device === undefined || involved.has(f.device)))
    .map((f) => factText(a.analysis, f));
}

/** By which rule the kernel joined them, on the side on which they are together. */
function rulesBehind({ a, b, match }: Context, change: GroupChange): readonly string[] {
  const reasons: string[] = [];
  for (const { a: i, b: j } of match.pairs) {
    if (!change.before.some((p) => p.members.includes(i))) continue;
    const [before, after] = [joinedBy(a.analysis, i), joinedBy(b.analysis, j)];
    if (before === after) continue;
    if (before !== undefined) reasons.push(`${nameOf(a.analysis, i)} before: ${before}`);
    if (after !== undefined) reasons.push(`${nameOf(b.analysis, j)} after: ${after}`);
  }
  return reasons;
}

/** Undefined for a function that joined nobody. */
function joinedBy(analysis: Analysis, i: number): string | undefined {
  const join = analysis.replay.joinOf[i];
  return join === undefined || join.rule === 'new' ? undefined : joinSentence(analysis, i);
}

/** Interferences that are on one side only, among these functions or between them and the host. */
function interferencesBehind({ a, b }: Context, change: GroupChange): readonly string[] {
  const before = interferences(a, change.before);
  const after = interferences(b, change.after);
  return [
    ...[...after].filter((s) => !before.has(s)).map((s) => `new: ${s}`),
    ...[...before].filter((s) => !after.has(s)).map((s) => `gone: ${s}`),
  ];
}

function interferences({ analysis, partition }: Side, parts: readonly GroupPart[]): ReadonlySet<string> {
  const edges = parts.flatMap((p) => (p.group === undefined ? [] : edgesOfGroup(partition, p.group)));
  return new Set(
    edges.map((edge) => {
      const evidence = edge.evidence.map((e) => evidenceSentence(analysis, e)).join(', ');
      return `${interferenceSentence(analysis, edge)} (${evidence})`;
    }),
  );
}

function factText(a: Analysis, { device, what, before, after }: ChangedFact): string {
  return `${device === undefined ? '' : `${nameOf(a, device)} `}${what}: ${before} -> ${after}`;
}
