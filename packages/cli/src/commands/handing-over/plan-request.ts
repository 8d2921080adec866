/**
 * @module From the words of the command line to a plan.
 */
import {
  bootOf,
  type ClaimState,
  claimsOf,
  conflicts,
  type FoundAgain,
  findAgain,
  JournalUnreadable,
  ownOverrides,
  type Plan,
  type PlanRequest,
  planNow,
  planOfSnapshot,
  type SignsOfChange,
  type World,
} from '@isogroups/host';
import { formatAddress } from '@isogroups/pci';
import { UsageError } from '../../command.ts';
import type { CommandArguments } from '../../command-spec.ts';
import type { CommandSession } from '../../session.ts';
import { ownerOf, resolveDevice, resolveTarget, withoutBridges } from '../../targets.ts';

/**
 * For the machine that is there now.
 * @param signs Read before the session has read the machine, where the plan is carried out at once.
 * @throws UsageError for what names no device, and for a time that is none
 */
export async function planFor(
  session: CommandSession,
  args: CommandArguments,
  world: World,
  signs?: SignsOfChange,
): Promise<Plan> {
  const { files } = world;
  const { options } = args;
  const again = options.again === undefined ? undefined : earlierClaim(String(options.again), world);
  const analysis = await session.analysis();
  const { claims, notes } = knownClaims(world);
  const request: PlanRequest = {
    ...(await requestOf(session, args, again)),
    loseAgain: again?.claim.losses ?? [],
    ours: ownOverrides(claims, bootOf(files.glance())),
    ...(signs === undefined ? {} : { signs }),
  };
  const plan = await planNow(analysis, await session.groups(), files, request);
  return {
    ...plan,
    // What other claims have; claim asks once more when nobody else can act.
    refusals: [...(again?.found.refusals ?? []), ...conflicts(plan, claims, plan.boot), ...plan.refusals],
    notes: [...plan.notes, ...notes],
  };
}

/** @throws UsageError for what names no device, for a text without files, and for `--again`, which asks a journal */
export async function planOfCapture(session: CommandSession, args: CommandArguments): Promise<Plan> {
  const [analysis, files] = [await session.analysis(), await session.files()];
  const { label } = analysis.machine.source;
  if (files === undefined) {
    throw new UsageError(`${label} is a text, which does not tell what is bound to what: give a snapshot`);
  }
  if (args.options.again !== undefined) {
    throw new UsageError(`--again asks the journal of a running machine, and ${label} is none`);
  }
  return planOfSnapshot(analysis, await session.groups(), files, await requestOf(session, args, undefined));
}

interface EarlierClaim {
  readonly claim: ClaimState;
  readonly found: FoundAgain;
}

async function requestOf(
  session: CommandSession,
  { positional: named, options }: CommandArguments,
  again: EarlierClaim | undefined,
): Promise<PlanRequest> {
  const positional = [...named, ...(again?.found.devices ?? [])];
  if (positional.length === 0 && again === undefined) {
    throw new UsageError('name a device or a group, or an earlier claim with --again');
  }
  const analysis = await session.analysis();
  const partition = await session.groups();
  const asked = positional.flatMap((word) => {
    const target = resolveTarget(analysis, partition, word);
    return target.kind === 'device' ? [ownerOf(analysis, target.party)] : withoutBridges(analysis, target.parties);
  });
  const along = [...list(options.with), ...(again?.found.devices ?? [])];
  return {
    asked: [...new Set(asked)],
    driver: text(options.driver),
    with: along.includes('all')
      ? 'all'
      : along.map((word) => {
          const f = analysis.machine.functions[resolveDevice(analysis, word)];
          return f === undefined ? word : formatAddress(f);
        }),
    for: text(options.for) ?? again?.claim.for ?? null,
    lose: list(options.lose),
    confirmWithinMs: options.confirmWithin === undefined ? null : milliseconds(String(options.confirmWithin)),
  };
}

function knownClaims({ journal }: World): {
  readonly claims: readonly ClaimState[];
  readonly notes: readonly string[];
} {
  try {
    return { claims: claimsOf(journal.read().records), notes: [] };
  } catch (error) {
    if (!(error instanceof JournalUnreadable)) throw error;
    return { claims: [], notes: [`whether another claim has one of the devices is not known: ${error.message}`] };
  }
}

function earlierClaim(id: string, { files, journal }: World): EarlierClaim {
  const claim = claimsOf(journal.history()).find((c) => c.id === id);
  if (claim === undefined) throw new UsageError(`there is no claim ${id}; isogroups claims --all prints them`);
  return { claim, found: findAgain(claim, files.look()) };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `60s`, `5m`, `1h`; seconds without a unit. */
function milliseconds(time: string): number {
  const [, number, unit = 's'] = /^(\d{1,6})([smh])?$/.exec(time) ?? [];
  if (number === undefined || Number(number) === 0) {
    throw new UsageError(`--confirm-within ${time}: give a time like 60s or 5m`);
  }
  return Number(number) * (UNITS[unit] as number);
}
