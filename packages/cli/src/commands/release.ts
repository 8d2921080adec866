/**
 * @module `isogroups release`: gives a claim back.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type HomePlan,
  planRelease,
  type ReleaseOutcome,
  release,
  untilOver,
  type World,
  whenOverdue,
} from '@isogroups/host';
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import type { Style } from '../render/style.ts';
import { paragraph } from '../render/text.ts';
import type { CommandSession } from '../session.ts';
import { homeData, homeText } from './handing-over/home-report.ts';
import { mayAct, NOT_CONFIRMED } from './handing-over/may-act.ts';
import { bullets, refusalList, sections, stepList } from './handing-over/plan-text.ts';
import { sayWatching } from './handing-over/watchdog.ts';
import { uninterrupted, withWorld } from './handing-over/world.ts';

/** With what could not be seen of who uses the devices. */
type Outcome = (ReleaseOutcome | Pick<HomePlan, 'kind' | 'steps'>) & { readonly notes: readonly string[] };

export async function run(session: CommandSession, { positional, options }: CommandArguments): Promise<Answer> {
  const id = positional[0] as string;
  const outcome = await withWorld(session, options, (world) => act(id, session, options, world));
  // Back is back as it was: a device that is gone, or that somebody else has changed, is not.
  const good =
    outcome.kind === 'dry-run' ||
    (outcome.kind === 'released' && outcome.home.kind === 'home' && outcome.home.differences.length === 0);
  return {
    exitCode: good ? 0 : 1,
    data: {
      kind: 'release',
      claim: id,
      outcome: outcome.kind,
      refusals: outcome.kind === 'refused' ? outcome.refusals.map((r) => ({ ...r, device: r.device ?? null })) : [],
      home: outcome.kind === 'released' ? homeData(outcome.home) : null,
      steps: outcome.kind === 'dry-run' ? outcome.steps : [],
      notes: outcome.notes,
    },
    text: (style) => outcomeText(id, outcome, style),
  };
}

async function act(
  id: string,
  session: CommandSession,
  options: Readonly<Record<string, unknown>>,
  world: World,
): Promise<Outcome> {
  const plan = planRelease(id, world);
  if (plan.kind === 'refused') return { ...plan, notes: [] };
  if (options.dryRun === true) return plan;
  const { notes } = plan;
  const ask = { show: (style: Style) => planText(plan, style), question: `Give claim ${id} back?` };
  if (!(await mayAct(session, options, ask))) return { ...NOT_CONFIRMED, notes };
  if (options.ifUnconfirmed !== true) return { ...(await uninterrupted(() => release(id, world))), notes };
  sayWatching();
  await untilOverdue(id, world);
  return { ...(await untilOver(() => uninterrupted(() => release(id, world, 'unconfirmed')))), notes };
}

const planText = ({ steps, notes }: Pick<HomePlan, 'steps' | 'notes'>, style: Style): string =>
  sections(
    [
      ['What would be written, in this order', stepList(steps, style)],
      ['Not known', bullets(notes, style)],
    ],
    style,
  );

/** Looks again now and then: a claim that is confirmed or given back needs no waiting for. */
const LOOK_AGAIN_MS = 1000;

async function untilOverdue(id: string, world: World): Promise<void> {
  for (;;) {
    const due = whenOverdue(id, world);
    const left = due === undefined ? 0 : due - Date.now();
    if (left <= 0) return;
    await sleep(Math.min(left, LOOK_AGAIN_MS));
  }
}

function outcomeText(id: string, outcome: Outcome, style: Style): string {
  const line = (text: string): string => paragraph(text, style.width);
  switch (outcome.kind) {
    case 'dry-run':
      return planText(outcome, style);
    case 'refused':
      return sections(
        [
          ['', line(`${style.bad('Refused')}, and nothing was changed.`)],
          ['In the way', refusalList(outcome.refusals, style)],
        ],
        style,
      );
    case 'released':
      return sections(
        [
          [
            '',
            line(
              outcome.home.kind === 'home'
                ? `Claim ${style.name(id)} is ${style.good('given back')}.`
                : `Claim ${style.name(id)} is ${style.bad('not given back yet')}.`,
            ),
          ],
          ['', homeText(outcome.home, style)],
          // Who was not seen may be why it is not back.
          ['Not known', outcome.home.kind === 'paused' ? bullets(outcome.notes, style) : ''],
        ],
        style,
      );
  }
}
