/**
 * @module A plan as text.
 */
import { isAccepted, type Plan, type PlanMember, type PlanReset, type Refusal, type Step } from '@isogroups/host';
import type { Style } from '../../render/style.ts';
import { table } from '../../render/table.ts';
import { paragraph } from '../../render/text.ts';
import { listWords } from '../../sentences/party.ts';
import type { DeviceNames } from './device-names.ts';
import { planVerdict } from './plan-data.ts';

export function planText(plan: Plan, names: DeviceNames, style: Style): string {
  const moving = plan.members.filter((m) => m.role === 'move' || m.role === 'held' || m.role === 'vanishes');
  const staying = plan.members.filter((m) => m.role === 'bridge' || m.role === 'driverless');
  return sections(
    [
      ['', verdict(plan, moving, names, style)],
      ['', terms(plan, style)],
      [
        'In the way',
        refusalList(
          plan.refusals.filter((r) => r.kind !== 'loss'),
          style,
        ),
      ],
      ['Not known', bullets(plan.unknown, style)],
      ['Changes hands', memberTable(moving, names, style)],
      ['Left alone', memberTable(staying, names, style)],
      ['The host would lose', lossList(plan, style)],
      ['What is written, in this order', stepList(plan.steps, style)],
      [
        'Resets',
        bullets(
          plan.resets.map((r) => resetSentence(r, names)),
          style,
        ),
      ],
      ['Beside it', bullets(plan.notes, style)],
    ],
    style,
  );
}

/** Parts with a body, one blank line between them. */
export function sections(parts: readonly (readonly [title: string, body: string])[], style: Style): string {
  return parts
    .filter(([, body]) => body !== '')
    .map(([title, body]) => (title === '' ? body : `${style.strong(title)}\n${body}`))
    .join('\n\n');
}

export function bullets(lines: readonly string[], style: Style): string {
  return lines.map((line) => paragraph(line, style.width, '  - ', '    ')).join('\n');
}

export function refusalList(refusals: readonly Refusal[], style: Style): string {
  return bullets(
    refusals.map((r) => `${style.bad(r.says)} ${style.faint(`[${r.fix}]`)}`),
    style,
  );
}

function lossList({ losses, acceptedLosses }: Plan, style: Style): string {
  return bullets(
    losses.map((loss) => {
      const accepted = isAccepted(loss, acceptedLosses);
      const files = [...new Set(loss.evidence.map((e) => e.file))];
      const seen = files.length === 0 ? '' : ` (${listWords(files)})`;
      const says = accepted ? loss.says : style.bad(loss.says);
      return `${says}${seen} ${style.faint(accepted ? '[accepted]' : `[--lose ${loss.item}]`)}`;
    }),
    style,
  );
}

function verdict(plan: Plan, moving: readonly PlanMember[], names: DeviceNames, style: Style): string {
  const who = listWords(moving.map((m) => names.short(m.device)));
  const drivers = [...new Set(moving.flatMap((m) => m.target ?? []))];
  const subject = moving.length === 0 ? 'Nothing' : style.name(who);
  const text: Readonly<Record<ReturnType<typeof planVerdict>, string>> = {
    ready: `${subject} ${style.good('can be handed over')} to ${listWords(drivers)}.`,
    undecided: `${subject} ${style.strong('perhaps can be handed over')} to ${listWords(drivers)}; on the machine itself isogroups plan knows.`,
    refused: `${subject} ${style.bad('cannot be handed over')}.`,
  };
  return paragraph(text[planVerdict(plan)], style.width);
}

/** What the claim would be told beside its devices; nothing where there would be none. */
function terms(plan: Plan, style: Style): string {
  if (planVerdict(plan) === 'refused') return '';
  const whom = plan.for === null ? [] : [`It would be claimed for ${plan.for}.`];
  const until =
    plan.confirmWithinMs === null
      ? []
      : [`It would be given back after ${plan.confirmWithinMs / 1000} s unless isogroups confirm comes.`];
  return paragraph([...whom, ...until].join(' '), style.width);
}

const ROLES: Readonly<Record<PlanMember['role'], (m: PlanMember) => string>> = {
  move: (m) => `${m.driver ?? 'no driver'} -> ${m.target}`,
  held: (m) => `has ${m.driver} already`,
  vanishes: (m) => `goes away with ${m.with ?? 'its owner'}`,
  bridge: (m) => (m.driver === null ? 'a bridge' : `a bridge (${m.driver})`),
  driverless: () => 'has no driver',
};

function memberTable(members: readonly PlanMember[], names: DeviceNames, style: Style): string {
  if (members.length === 0) return '';
  const rows = members.map((m) => [style.name(names.short(m.device)), names.long(m.device), ROLES[m.role](m)]);
  return table([{}, { fit: 'cut', least: 16 }, { fit: 'wrap', least: 24 }], rows, { width: style.width, indent: 2 });
}

/** Lines for a root shell, never broken: they are there to be compared, or copied. */
export function stepList(steps: readonly Step[], style: Style): string {
  return steps.map((step) => `  ${style.strong(shellLine(step))}`).join('\n');
}

export function shellLine(step: Step): string {
  if (step.kind === 'run') return `${step.program} ${step.args.join(' ')}`;
  return step.text === '\n' ? `echo > /${step.file}` : `echo ${step.text} > /${step.file}`;
}

function resetSentence({ device, methods, alsoResets }: PlanReset, names: DeviceNames): string {
  const how = methods === null ? 'is not known to have a reset' : `can be reset by ${listWords(methods)}`;
  const also =
    alsoResets.length === 0 ? '' : `; a reset of its bus resets ${listWords(alsoResets.map(names.short))} too`;
  return `${names.short(device)} ${methods?.length === 0 ? 'has no reset of its own' : how}${also}`;
}
