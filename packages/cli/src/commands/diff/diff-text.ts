/**
 * @module The answer of `diff` as text.
 */
import type { Style } from '../../render/style.ts';
import { paragraph } from '../../render/text.ts';
import type { ChangeData, GroupData, MachineDifference } from './machine-difference.ts';

export interface DiffNames {
  readonly before: string;
  readonly after: string;
  readonly policy: string;
  /** Short address and name of a device that is only on one side. */
  describe(side: 'before' | 'after', device: string): string;
  short(side: 'before' | 'after', device: string): string;
}

export function diffText(d: MachineDifference, names: DiffNames, style: Style): string {
  const parts = [style.strong(`${names.before} -> ${names.after}`)];
  const section = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) parts.push(`${style.strong(title)}\n${lines.join('\n')}`);
  };
  const line = (text: string): string => paragraph(text, style.width, '  ', '      ');
  section(`Devices: ${d.inBoth} in both`, [
    ...d.came.map((device) => line(`${style.good('came')}   ${names.describe('after', device)}`)),
    ...d.went.map((device) => line(`${style.bad('went')}   ${names.describe('before', device)}`)),
    ...d.moved.map(([a, b]) => line(`moved  ${names.describe('before', a)} ${whereTo(a, b, names)}`)),
    ...readdressed(d, names).map(line),
  ]);
  if (d.kernelGroups === null) section("The kernel's groups", [line('one of the two does not tell them')]);
  else section("The kernel's groups", changesText(d.kernelGroups, names, style));
  section(`Groups under policy ${names.policy}`, changesText(d.policyGroups, names, style));
  section(
    'Facts',
    d.facts.map((f) =>
      line(`${f.device === null ? '' : `${names.short('before', f.device)} `}${f.what}: ${f.before} -> ${f.after}`),
    ),
  );
  if (d.kernelRenumbered.length > 0) {
    const numbers = d.kernelRenumbered.map(([a, b]) => `${a} -> ${b}`).join(', ');
    parts.push(
      style.faint(
        paragraph(`Other numbers of the kernel's groups, with the same members: ${numbers}`, style.width, '', '  '),
      ),
    );
  }
  if (d.same) parts.push(style.good('No difference in devices, groups or facts.'));
  return parts.join('\n\n');
}

/** An address is bus and slot, and the bus may be behind other ports than before. */
function whereTo(before: string, after: string, names: DiffNames): string {
  return before === after ? 'is below other ports now' : `is now at ${names.short('after', after)}`;
}

function readdressed({ readdressed: pairs }: MachineDifference, names: DiffNames): readonly string[] {
  if (pairs.length === 0) return [];
  const list = pairs.map(([a, b]) => `${names.short('before', a)} -> ${names.short('after', b)}`);
  return [`same place, other address: ${list.join(', ')}`];
}

const KIND: Readonly<Record<ChangeData['kind'], string>> = Object.freeze({
  split: 'split',
  merged: 'merged',
  regrouped: 'regrouped',
  gained: 'has a group now',
  lost: 'has no group any more',
  members: 'has other members',
  state: 'another state',
});

/** Changes of one kind in a row often have one reason: it is said once, behind the last of them. */
function changesText(changes: readonly ChangeData[], names: DiffNames, style: Style): readonly string[] {
  return changes.map((change, k) => {
    const next = changes[k + 1];
    const goesOn = next?.kind === change.kind && next.reasons.join('\n') === change.reasons.join('\n');
    return changeText(goesOn ? { ...change, reasons: [] } : change, names, style);
  });
}

function changeText(change: ChangeData, names: DiffNames, style: Style): string {
  const groups = (side: 'before' | 'after', list: readonly GroupData[]): string =>
    list
      .map((g) => {
        const members = g.members.map((m) => names.short(side, m)).join(', ');
        return g.group === null ? `${members} without a group` : `${style.name(g.group)} (${members})`;
      })
      .join(', ');
  const state = change.states === null ? '' : `: ${change.states[0]} -> ${change.states[1]}`;
  const sides = [
    // What had no group is named on the other side.
    ...(change.kind === 'gained' ? [] : [groups('before', change.before)]),
    ...(change.kind === 'lost' || change.kind === 'state' ? [] : [groups('after', change.after)]),
  ];
  return [
    paragraph(`${style.strong(KIND[change.kind])}${state}: ${sides.join(' -> ')}`, style.width, '  ', '      '),
    ...change.reasons.map((r) => paragraph(r, style.width, '      - ', '        ')),
  ].join('\n');
}
