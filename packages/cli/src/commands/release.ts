/**
 * @module `isogroups release`: gives a claim back.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { planRelease, type ReleaseOutcome, release, untilOver, type World, whenOverdue } from '@isogroups/host';
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import type { Style } from '../render/style.ts';
import { paragraph } from '../render/text.ts';
import type { CommandSession } from '../session.ts';
import { type Homecoming, homePlanText } from './handing-over/home-plan.ts';
import { homeData, homeText } from './handing-over/home-report.ts';
import { mayAct, NOT_CONFIRMED } from './handing-over/may-act.ts';
import { refusalData } from './handing-over/plan-data.ts';
import { bullets, refusalList, sections } from './handing-over/plan-text.ts';
import { sayWatching } from './handing-over/watchdog.ts';
import { uninterrupted, withWorld } from './handing-over/world.ts';

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
      refusals: outcome.kind === 'refused' ? refusalData(outcome.refusals) : [],
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
): Promise<Homecoming<ReleaseOutcome>> {
  const plan = await planRelease(id, world);
  if (plan.kind === 'refused') return { ...plan, notes: [] };
  if (options.dryRun === true) return plan;
  const { notes } = plan;
  const ask = { show: (style: Style) => homePlanText(plan, style), question: `Give claim ${id} back?` };
  if (!(await mayAct(session, options, ask))) return { ...NOT_CONFIRMED, notes };
  if (options.ifUnconfirmed !== true) return { ...(await uninterrupted(() => release(id, world))), notes };
  sayWatching();
  await untilOverdue(id, world);
  return { ...(await untilOver(() => uninterrupted(() => release(id, world, 'unconfirmed')))), notes };
}

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

function outcomeText(id: string, outcome: Homecoming<ReleaseOutcome>, style: Style): string {
  const line = (text: string): string => paragraph(text, style.width);
  switch (outcome.kind) {
    case 'dry-run':
      return homePlanText(outcome, style);
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
