/**
 * @module The result of a collection as text.
 */
import type { VerifyDifference, VerifyGroup } from '../commands/verify/verification.ts';
import { paragraph } from '../render/text.ts';
import type { Examined } from './examine.ts';
import type { Tally } from './tally.ts';

const WIDTH = 120;

export function reportText(folder: string, { counted, informative, failed, excused, unneeded }: Tally): string {
  const count = (these: readonly Examined[], is: (m: Examined) => boolean): number => these.filter(is).length;
  const lines = [`${folder}: ${counted.length} machines`];
  lines.push(`  equal partitions  ${count(counted, (m) => m.partition === 'equal')} of ${counted.length}`);
  const possible = count(counted, (m) => m.partition === 'possible');
  if (possible > 0) lines.push(`  among the outcomes named, where nothing tells the order of probing  ${possible}`);
  const numbered = counted.filter((m) => m.numbers !== 'not-compared');
  if (numbered.length > 0) {
    lines.push(
      `  equal numbers  ${count(numbered, (m) => m.numbers === 'equal')} of ${numbered.length} (VT-d, AMD-Vi)`,
    );
  }
  for (const [kind, these] of byIommu(counted)) {
    lines.push(`    ${kind}: ${count(these, (m) => m.partition === 'equal')} of ${these.length}`);
  }
  for (const [level, these] of informative) {
    lines.push(
      `  beside it, not counted: ${level}  ${count(these, (m) => m.partition === 'equal')} of ${these.length}`,
    );
  }
  for (const m of failed) lines.push('', ...missText(m));
  for (const { machine, proof } of excused)
    lines.push('', paragraph(`${machine.name} does not count: ${proof}`, WIDTH));
  for (const name of unneeded) lines.push('', `${name} is listed as defective and is right: take it off the list`);
  const told = [...informative.values()].flat().filter((m) => m.partition !== 'equal');
  if (told.length > 0) lines.push('', 'Not counted:');
  for (const m of told) lines.push(paragraph(shortText(m), WIDTH, '  ', '    '));
  const odd = counted.filter((m) => m.notes.length > 0 && !failed.includes(m));
  for (const m of odd) lines.push('', ...m.notes.map((note) => paragraph(`${m.name}: ${note}`, WIDTH, '', '  ')));
  return lines.join('\n');
}

function byIommu(machines: readonly Examined[]): ReadonlyMap<string, readonly Examined[]> {
  const kinds = new Map<string, Examined[]>();
  for (const m of machines) {
    const same = kinds.get(m.iommu);
    if (same === undefined) kinds.set(m.iommu, [m]);
    else same.push(m);
  }
  return kinds;
}

const WHAT: Readonly<Record<Examined['partition'], string>> = Object.freeze({
  equal: 'equal partition, other numbers',
  possible: 'a possible outcome',
  different: 'another partition',
  'nothing-to-compare': 'the groups of the kernel are not told',
  unreadable: 'cannot be read',
});

function missText({ name, partition, differences, notes }: Examined): string[] {
  const lines = [`${name}: ${WHAT[partition]}`];
  for (const d of differences) {
    lines.push(paragraph(`kernel: ${groupsText(d.kernel)}`, WIDTH, '  ', '          '));
    lines.push(paragraph(`rules:  ${groupsText(d.rules)}`, WIDTH, '  ', '          '));
    lines.push(...reasons(d));
  }
  lines.push(...notes.map((note) => paragraph(note, WIDTH, '  ', '    ')));
  return lines;
}

/** What does not count is only named. */
function shortText({ name, partition, differences, equalWhen }: Examined): string {
  const where = differences.length === 0 ? '' : ` in ${differences.length} place${differences.length === 1 ? '' : 's'}`;
  return `${name}: ${WHAT[partition]}${where}${equalWhen === undefined ? '' : `; equal when ${equalWhen}`}`;
}

function reasons(d: VerifyDifference): string[] {
  return d.reasons.map((r) => paragraph(r.text, WIDTH, '    - ', '      '));
}

function groupsText(groups: readonly VerifyGroup[]): string {
  return groups.map((g) => `${g.group ?? 'none'}: ${g.members.join(' ')}`).join(' | ');
}
