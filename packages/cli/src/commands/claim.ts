/**
 * @module `isogroups claim`: takes devices from the host, with all of their group.
 */
import { type ClaimOutcome, claim, type HomeReport, type Plan, readSigns, release, type World } from '@isogroups/host';
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import { machineData } from '../data/machine-data.ts';
import { policyData } from '../data/policy-data.ts';
import type { Style } from '../render/style.ts';
import { paragraph } from '../render/text.ts';
import { listWords } from '../sentences/party.ts';
import type { CommandSession } from '../session.ts';
import { type DeviceNames, deviceNames } from './handing-over/device-names.ts';
import { failureSentence, homeData, homeText } from './handing-over/home-report.ts';
import { mayAct, NOT_CONFIRMED } from './handing-over/may-act.ts';
import { planData, refusalData } from './handing-over/plan-data.ts';
import { planFor } from './handing-over/plan-request.ts';
import { planText, refusalList, sections } from './handing-over/plan-text.ts';
import { startWatchdog } from './handing-over/watchdog.ts';
import { uninterrupted, withWorld } from './handing-over/world.ts';

type Outcome = ClaimOutcome | { readonly kind: 'dry-run' };

export async function run(session: CommandSession, args: CommandArguments): Promise<Answer> {
  const { options } = args;
  const acting = await withWorld(session, options, async (world): Promise<[DeviceNames, Plan, Outcome]> => {
    // The process that writes starts while the machine is read.
    if (options.dryRun !== true) void world.files.writer();
    const signs = readSigns(world.files.glance());
    const names = await deviceNames(session);
    const plan = await planFor(session, args, world, signs);
    if (options.dryRun === true) return [names, plan, { kind: 'dry-run' }];
    if (plan.refusals.length > 0) return [names, plan, { kind: 'refused', refusals: plan.refusals }];
    const ask = { show: (style: Style) => planText(plan, names, style), question: 'Take these devices from the host?' };
    if (!(await mayAct(session, options, ask))) return [names, plan, NOT_CONFIRMED];
    const watch = (id: string): Promise<string | undefined> => startWatchdog(id, session, options);
    return [names, plan, await uninterrupted(async () => watched(await claim(plan, world), world, watch))];
  });
  const [names, plan, outcome] = acting;
  return {
    exitCode: outcome.kind === 'claimed' || (outcome.kind === 'dry-run' && plan.refusals.length === 0) ? 0 : 1,
    data: {
      kind: 'claim',
      machine: machineData(await session.analysis()),
      policy: policyData(session.policy),
      ...outcomeData(outcome),
      plan: planData(plan),
    },
    text: (style) => (outcome.kind === 'dry-run' ? planText(plan, names, style) : outcomeText(outcome, names, style)),
  };
}

/** What nobody could give back in time is given back at once. */
export async function watched(
  outcome: ClaimOutcome,
  world: World,
  watch: (claim: string) => Promise<string | undefined>,
): Promise<ClaimOutcome> {
  if (outcome.kind !== 'claimed' || outcome.claim.confirmWithinMs === null) return outcome;
  const { id } = outcome.claim;
  const why = await watch(id);
  if (why === undefined) return outcome;
  const released = await release(id, world);
  const home: HomeReport =
    released.kind === 'released'
      ? released.home
      : {
          kind: 'paused',
          differences: released.refusals.map(({ says }) => ({ device: id, says })),
          failures: [],
        };
  const says = `there is no process that gives the devices back in time (${why})`;
  return { kind: 'rolled-back', claim: id, failure: { kind: 'changed', says }, home };
}

function outcomeData(outcome: Outcome): Record<string, unknown> {
  const base = { outcome: outcome.kind, claim: null, refusals: [], failure: null, home: null };
  switch (outcome.kind) {
    case 'dry-run':
      return base;
    case 'claimed':
      return { ...base, claim: outcome.claim.id };
    case 'refused':
      return { ...base, refusals: refusalData(outcome.refusals) };
    case 'rolled-back':
      return { ...base, claim: outcome.claim, failure: failureSentence(outcome.failure), home: homeData(outcome.home) };
  }
}

function outcomeText(outcome: ClaimOutcome, names: DeviceNames, style: Style): string {
  const line = (text: string): string => paragraph(text, style.width);
  switch (outcome.kind) {
    case 'claimed': {
      const { id, members, confirmWithinMs } = outcome.claim;
      const who = listWords(members.map((m) => names.short(m.device)));
      const until =
        confirmWithinMs === null
          ? ''
          : ` It is given back in ${confirmWithinMs / 1000} s unless isogroups confirm ${id} comes.`;
      return line(
        `Claim ${style.name(id)}: ${who} ${style.good('handed over')}.${until} isogroups release ${id} gives back.`,
      );
    }
    case 'refused':
      return sections(
        [
          ['', line(`${style.bad('Refused')}, and nothing was changed.`)],
          ['In the way', refusalList(outcome.refusals, style)],
        ],
        style,
      );
    case 'rolled-back':
      return sections(
        [
          ['', line(`${style.bad('Failed')}: ${failureSentence(outcome.failure)}.`)],
          ['', homeText(outcome.home, style)],
        ],
        style,
      );
  }
}
