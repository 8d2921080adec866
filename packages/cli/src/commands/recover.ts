/**
 * @module `isogroups recover`: ends what a crash has left under way.
 */
import { planRecovery, type Recovered, type RecoverOutcome, recover, type World } from '@isogroups/host';
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
import { uninterrupted, withWorld } from './handing-over/world.ts';

export async function run(session: CommandSession, { options }: CommandArguments): Promise<Answer> {
  const outcome = await withWorld(session, options, (world) => act(session, options, world));
  const good =
    outcome.kind === 'dry-run' || (outcome.kind === 'recovered' && outcome.claims.every((c) => c.kind !== 'paused'));
  return {
    exitCode: good ? 0 : 1,
    data: {
      kind: 'recover',
      outcome: outcome.kind,
      refusals: outcome.kind === 'refused' ? refusalData(outcome.refusals) : [],
      claims:
        outcome.kind === 'recovered'
          ? outcome.claims.map((c) => ({ ...c, home: c.home === undefined ? null : homeData(c.home) }))
          : [],
      steps: outcome.kind === 'dry-run' ? outcome.steps : [],
      notes: outcome.notes,
    },
    text: (style) => outcomeText(outcome, style),
  };
}

async function act(
  session: CommandSession,
  options: Readonly<Record<string, unknown>>,
  world: World,
): Promise<Homecoming<RecoverOutcome>> {
  const plan = await planRecovery(world);
  if (plan.kind === 'refused') return { ...plan, notes: [] };
  const { kind, steps, claims, notes } = plan;
  if (options.dryRun === true) return { kind, steps, notes };
  if (claims.length === 0) return { kind: 'recovered', claims: [], notes };
  const ask = {
    show: (style: Style) =>
      sections(
        [
          ['', claims.map((c) => `Claim ${c.id}: ${c.status}`).join('\n')],
          ['', homePlanText(plan, style)],
        ],
        style,
      ),
    question: 'Bring these home?',
  };
  if (!(await mayAct(session, options, ask))) return { ...NOT_CONFIRMED, notes };
  const giveUp = typeof options.giveUp === 'string' ? options.giveUp : undefined;
  return { ...(await uninterrupted(() => recover(world, giveUp))), notes };
}

function outcomeText(outcome: Homecoming<RecoverOutcome>, style: Style): string {
  switch (outcome.kind) {
    case 'dry-run':
      return outcome.steps.length === 0 ? 'Nothing would be written.' : homePlanText(outcome, style);
    case 'refused':
      return sections([['In the way', refusalList(outcome.refusals, style)]], style);
    case 'recovered':
      if (outcome.claims.length === 0) return 'Nothing is under way.';
      return sections(
        [
          ['', outcome.claims.map((c) => recoveredText(c, style)).join('\n\n')],
          // Who was not seen may be why one is not back.
          ['Not known', outcome.claims.some((c) => c.kind === 'paused') ? bullets(outcome.notes, style) : ''],
        ],
        style,
      );
  }
}

function recoveredText({ claim, kind, home }: Recovered, style: Style): string {
  if (home === undefined) {
    return paragraph(`Claim ${style.name(claim)} ended when the machine was started again.`, style.width);
  }
  if (kind === 'given-up') {
    const left = bullets(
      home.differences.map((d) => d.says),
      style,
    );
    return sections(
      [
        ['', paragraph(`Claim ${style.name(claim)} is ended, because it was given up.`, style.width)],
        ['Left as it is', left],
      ],
      style,
    );
  }
  const ended = kind === 'paused' ? style.bad('is not ended yet') : style.good('is ended');
  return `Claim ${style.name(claim)} ${ended}.\n${homeText(home, style)}`;
}
