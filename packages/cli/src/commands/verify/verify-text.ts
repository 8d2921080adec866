/**
 * @module The answer of `verify` as text.
 */
import type { Style } from '../../render/style.ts';
import { table } from '../../render/table.ts';
import { paragraph } from '../../render/text.ts';
import type { Verification, VerifyDifference, VerifyGroup } from './verification.ts';

const ORDER: Readonly<Record<string, string>> = Object.freeze({
  rule: 'that of the rules',
  log: "that of the kernel's log",
  drivers: 'that of the drivers that are bound; nothing tells it exactly',
  given: 'as given',
});

export function verifyText(
  v: Verification,
  head: { readonly release: string; readonly rules: string },
  short: (device: string) => string,
  style: Style,
): string {
  const yes = (value: boolean): string => (value ? style.good('equal') : style.bad('not equal'));
  const rows = [
    ['kernel', `${head.release}, rules of ${head.rules}`],
    ['devices', String(v.devices)],
    ['groups', `${v.kernelGroups} of the kernel, ${v.rulesGroups} by the rules`],
    ['partition', partitionText(v, yes, style)],
    ['numbers', v.partitionEqual ? yes(v.numbersEqual) : style.faint('not compared')],
    ['order', ORDER[v.order] ?? v.order],
  ];
  const parts = [table([{}, { fit: 'wrap' }], rows, { width: style.width })];
  v.differences.forEach((difference, k) => {
    parts.push(differenceText(difference, k + 1, v.differences.length, short, style));
  });
  if (v.partitionEqual && v.renumbered.length > 0) {
    const some = v.renumbered.slice(0, 8).map((r) => `${short(r.device)} ${r.kernel} (rules: ${r.rules})`);
    const more = v.renumbered.length > 8 ? ` and ${v.renumbered.length - 8} more` : '';
    parts.push(paragraph(`Other numbers: ${some.join(', ')}${more}`, style.width, '', '  '));
  }
  for (const { when, decidedBy, equal } of v.alternatives.filter((a) => a.equal || v.partitionEqual)) {
    const text = equal
      ? `The other outcome, when ${when}, is equal. What would decide it: ${decidedBy}.`
      : `Another outcome is possible: when ${when}. What would decide it: ${decidedBy}.`;
    parts.push(paragraph(text, style.width, '', '  '));
  }
  if (v.leftOut.length > 0) {
    parts.push(
      style.faint(
        paragraph(`Left out, because they are no PCI functions: ${v.leftOut.join(', ')}`, style.width, '', '  '),
      ),
    );
  }
  return parts.join('\n\n');
}

/** Where a fact is missing that decides between outcomes, a difference says nothing against the rules. */
function partitionText(v: Verification, yes: (value: boolean) => string, style: Style): string {
  if (v.partitionEqual || v.alternatives.length === 0) return yes(v.partitionEqual);
  return style.doubt(`not decided: ${v.alternatives.length + 1} outcomes are possible with what could be read`);
}

function differenceText(
  { kernel, rules, reasons }: VerifyDifference,
  number: number,
  of: number,
  short: (device: string) => string,
  style: Style,
): string {
  const rows = [
    ...kernel.map((g, k) => [k === 0 ? 'the kernel has' : '', groupText(g), members(g, short)]),
    ...rules.map((g, k) => [k === 0 ? 'the rules give' : '', groupText(g), members(g, short)]),
  ];
  return [
    style.strong(`Difference ${number} of ${of}`),
    table([{}, {}, { fit: 'wrap' }], rows, { width: style.width, indent: 2 }),
    // What holds for all of them is said once, at the end.
    ...reasons.filter((r) => r.kind !== 'other-outcome').map((r) => paragraph(r.text, style.width, '  - ', '    ')),
  ].join('\n');
}

const groupText = ({ group }: VerifyGroup): string => (group === null ? 'no group' : `group ${group}`);

function members(g: VerifyGroup, short: (device: string) => string): string {
  return g.members.map(short).join(', ');
}
