/**
 * @module The answer of `why-not` as text.
 */
import type { Style } from '../../render/style.ts';
import { table } from '../../render/table.ts';
import { paragraph } from '../../render/text.ts';
import type { HandoverMember } from './handover-member.ts';
import type { WhyNotData } from './why-not-data.ts';

/** How devices are called: `01:00.0`, and what it is. */
export interface DeviceNames {
  short(device: string): string;
  long(device: string): string;
}

export function whyNotText(data: WhyNotData, names: DeviceNames, style: Style): string {
  const parts = [verdictLine(data, names, style)];
  const section = (title: string, body: string): void => {
    if (body !== '') parts.push(`${style.strong(title)}\n${body}`);
  };
  if (data.error !== null) section('The error text', errorBody(data, style));
  section(
    'In the way',
    list(
      data.hindrances.map((h) => hindranceLine(h, style)),
      style,
    ),
  );
  const members = (keep: (m: HandoverMember) => boolean): string =>
    memberTable(data.members.filter(keep), names, style);
  section(
    `Comes along under policy ${data.policy}`,
    members((m) => m.comesBy === 'policy' && m.blocks === 'no'),
  );
  section(
    'Not in the way',
    members((m) => m.comesBy !== 'policy' && m.blocks === 'no' && !(m.comesBy === 'asked' && m.bridge)),
  );
  section(data.verdict === 'no' ? 'What would fix it' : 'Steps', stepList(data, style));
  const accepted = [...new Set(data.hindrances.flatMap((h) => (h.acceptedBy === null ? [] : [h.acceptedBy])))];
  section('Or accept the risk', list(accepted, style));
  section(
    'The host would lose',
    list(
      data.warnings.map((w) => style.doubt(w)),
      style,
    ),
  );
  section('Beside it', list(data.notes, style));
  return parts.join('\n\n');
}

function verdictLine(data: WhyNotData, names: DeviceNames, style: Style): string {
  const asked = data.asked.map(names.short);
  const shown = asked.length > 4 ? `${asked.slice(0, 3).join(', ')} and ${asked.length - 3} more` : asked.join(', ');
  const called = data.asked.length === 1 ? ` ${names.long(data.asked[0] as string)}` : '';
  const who = asked.length === 0 ? 'What the text is about' : `${style.name(shown)}${called}`;
  const text =
    data.verdict === 'yes'
      ? `${who} ${style.good('can be handed over')}.`
      : data.verdict === 'no'
        ? `${who} ${style.bad('cannot be handed over now')}.`
        : `Whether ${asked.length === 0 ? 'it' : who} can be handed over is ${style.doubt('not decided')}.`;
  return paragraph(text, style.width);
}

function errorBody({ error }: WhyNotData, style: Style): string {
  if (error === null) return '';
  const lines: string[] = [];
  if (error.cause !== null) {
    lines.push(`${error.program} says: ${error.means}`);
    const facts = error.facts.join('; ');
    if (facts === '') lines.push('nothing that was read of this machine tells more');
    else if (error.confirmed === 'yes') lines.push(`the facts of this machine show it: ${facts}`);
    else if (error.confirmed === 'no') lines.push(`the facts of this machine do not show it: ${facts}`);
    else lines.push(facts);
  } else lines.push('its cause is not recognised');
  const named = [...error.devices, ...error.groups.map((g) => `group ${g}`)];
  lines.push(named.length === 0 ? 'it names no device and no group' : `it names ${named.join(', ')}`);
  lines.push(...error.remarks);
  lines.push(...error.advice.map((a) => `advice: ${a}`));
  return list(lines, style);
}

function hindranceLine(h: WhyNotData['hindrances'][number], style: Style): string {
  const who = h.refusedBy.join(' and ');
  if (!h.certain) {
    const decidedBy = h.decidedBy ?? 'more facts';
    return `${style.doubt(h.text)}; not decided, what would decide it: ${decidedBy} ${style.faint(`[${who} may refuse]`)}`;
  }
  return `${style.bad(h.text)} ${style.faint(`[${who} ${h.refusedBy.length === 1 ? 'refuses' : 'refuse'}]`)}`;
}

function memberTable(members: readonly HandoverMember[], names: DeviceNames, style: Style): string {
  const rows = members.map((m) => [
    style.name(names.short(m.device)),
    names.long(m.device),
    m.joinedBy === undefined ? m.because : `${m.because}; ${m.joinedBy} joins it to ${names.short(m.with ?? '')}`,
  ]);
  if (rows.length === 0) return '';
  return table([{}, { fit: 'cut', least: 16 }, { fit: 'wrap', least: 24 }], rows, { width: style.width, indent: 2 });
}

/** Commands stand on lines of their own and are never broken: they are there to be copied. */
function stepList(data: WhyNotData, style: Style): string {
  return data.steps
    .map((step) =>
      step.kind === 'command' ? `  ${style.strong(step.command)}` : paragraph(step.text, style.width, '  - ', '    '),
    )
    .join('\n');
}

function list(lines: readonly string[], style: Style): string {
  return lines.map((line) => paragraph(line, style.width, '  - ', '    ')).join('\n');
}
