/**
 * @module The answer of `doctor` as text.
 */
import type { Diagnosis, WaitingTask } from '@isogroups/host';
import type { Style } from '../../render/style.ts';
import { paragraph } from '../../render/text.ts';
import { listWords } from '../../sentences/party.ts';
import type { DeviceNames } from '../handing-over/device-names.ts';
import { bullets, sections } from '../handing-over/plan-text.ts';

/** A write to the device that the journal knows not to have returned. */
export interface StuckWrite {
  readonly claim: string;
  readonly says: string;
  readonly pid: number;
  readonly since: string;
}

/** @param stuck undefined where the journal may not be read */
export function doctorText(
  found: Diagnosis,
  stuck: readonly StuckWrite[] | undefined,
  names: DeviceNames,
  style: Style,
): string {
  return sections(
    [
      ['', paragraph(verdictLine(found, names, style), style.width)],
      ['Is being taken away', found.waiting.map((task) => waitingBody(task, style)).join('\n')],
      [
        'Stuck in the kernel, by the journal',
        bullets(
          (stuck ?? []).map((s) => `claim ${s.claim}: ${s.says} (process ${s.pid}, since ${s.since})`),
          style,
        ),
      ],
      [
        'Has it open',
        bullets(
          found.holders.map(
            (h) => `${style.name(`${h.command} (${h.pid})`)}: ${h.path} ${style.faint(`[/${h.file}]`)}`,
          ),
          style,
        ),
      ],
      [
        'Draws with it',
        bullets(
          (found.drmClients ?? []).map(
            (c) => `${c.command} (${c.pid})${c.master ? ', which decides what is shown' : ''}`,
          ),
          style,
        ),
      ],
      [
        'The host uses it',
        bullets(
          found.uses.map((use) =>
            use.effect === 'undecided' ? style.doubt(`${use.says} (${use.decidedBy})`) : use.says,
          ),
          style,
        ),
      ],
      ['Its module', moduleLine(found, style)],
      ['The kernel says', found.log.map((line) => `  ${line}`).join('\n')],
      ['Could not be read', bullets(unreadLines(found, stuck), style)],
    ],
    style,
  );
}

function verdictLine({ device, driver, verdict, waiting }: Diagnosis, names: DeviceNames, style: Style): string {
  const bound = driver === null ? 'has no driver' : `is bound to ${driver}`;
  const who = `${style.name(names.short(device))} ${names.long(device)} ${bound}`;
  switch (verdict) {
    case 'free':
      return `${who}. ${style.good('Nothing that could be found holds it.')}`;
    case 'held':
      return `${who}. ${style.bad('It is held.')}`;
    case 'waiting':
      return waiting.length > 0
        ? `${who}. ${style.bad('It is being taken away, and that does not come to an end.')}`
        : `${who}. ${style.bad('Something in the kernel is at work on it, and does not come to an end.')}`;
    case 'undecided':
      return `${who}. ${style.doubt('Nothing was found to hold it, but not all could be looked into.')}`;
  }
}

function waitingBody(task: WaitingTask, style: Style): string {
  const what = task.file === null ? 'takes a device away' : `writes to ${task.file}`;
  const perhaps = task.concerns === 'yes' ? '' : ', perhaps this one';
  const waits = task.waits === null ? 'what for is not known' : task.waits;
  const signal = task.state === 'D' ? '; no signal reaches it there' : '';
  const says = `${style.name(`${task.command} (${task.pid})`)} ${what}${perhaps}, and waits ${waits}${signal}`;
  const stack = task.stack === null ? 'its stack may be read by root only' : `in ${task.stack.slice(0, 6).join(' < ')}`;
  return `${paragraph(says, style.width, '  - ', '    ')}\n${paragraph(style.faint(stack), style.width, '    ')}`;
}

function moduleLine({ module }: Diagnosis, style: Style): string {
  if (module === null) return '';
  const uses = module.uses === null ? 'its uses are not counted' : `${module.uses} use${module.uses === 1 ? '' : 's'}`;
  const by = module.usedBy.length === 0 ? '' : `, by ${listWords(module.usedBy)} among others`;
  return paragraph(`${module.name}: ${uses}${by}`, style.width, '  ');
}

function unreadLines(found: Diagnosis, stuck: readonly StuckWrite[] | undefined): readonly string[] {
  const { unreadProcesses: count } = found;
  return [
    ...(count === 0 ? [] : [`${count} ${count === 1 ? 'process' : 'processes'} of others: run it as root`]),
    ...(found.drmClients === null ? ['who draws with it: run it as root, with debugfs mounted'] : []),
    ...(found.locked
      ? ['its driver_override, for as long as the kernel does not let go of the lock of the device']
      : []),
    ...(stuck === undefined ? ['the journal of claims: run it as root'] : []),
  ];
}
