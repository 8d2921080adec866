/**
 * @module `isogroups claims`: who holds what, and what has changed since.
 */
import { type ClaimReport, reportClaims } from '@isogroups/host';
import type { Answer } from '../command.ts';
import type { CommandArguments } from '../command-spec.ts';
import type { Style } from '../render/style.ts';
import { paragraph } from '../render/text.ts';
import type { CommandSession } from '../session.ts';
import { type DeviceNames, deviceNames } from './handing-over/device-names.ts';
import { bullets, sections } from './handing-over/plan-text.ts';
import { withWorld } from './handing-over/world.ts';

export async function run(session: CommandSession, { options }: CommandArguments): Promise<Answer> {
  const ended = options.all === true;
  const reports = await withWorld(session, options, async (world) =>
    reportClaims(await session.analysis(), world, ended),
  );
  const names = await deviceNames(session);
  const quiet = reports.every((r) => r.drift.length === 0 && (r.state === 'held' || r.state === 'ended'));
  return {
    exitCode: quiet ? 0 : 1,
    data: { kind: 'claims', claims: reports.map(claimData) },
    text: (style) =>
      reports.length === 0 ? 'No claims.' : reports.map((r) => claimText(r, names, style)).join('\n\n'),
  };
}

function claimData({ claim, state, drift }: ClaimReport): Record<string, unknown> {
  return {
    claim: claim.id,
    state,
    for: claim.for,
    opened: claim.openedAt,
    held: claim.heldSince ?? null,
    ended: claim.endedAt ?? null,
    because: claim.endedBecause ?? null,
    policy: claim.policy,
    losses: claim.losses.map((l) => l.item),
    confirmWithinMs: claim.confirmWithinMs,
    confirmed: claim.confirmed,
    members: claim.members,
    stuck: Array.from(claim.stuck.values(), ({ step, writer, since }) => ({ step, pid: writer.pid, since })),
    differences: claim.differences,
    drift,
  };
}

const STATES: Readonly<Record<ClaimReport['state'], string>> = {
  unknown: 'not known whether it is of this boot (proc/sys/kernel/random/boot_id cannot be read)',
  held: 'held',
  unconfirmed: 'not confirmed yet',
  overdue: 'was not confirmed in time: isogroups recover gives it back',
  interrupted: 'interrupted: isogroups recover brings it home',
  rebooted: 'ended when the machine was started again',
  ended: 'ended',
};

/** Since when it is held, or was; and when it ended. */
function times({ heldSince, endedAt }: ClaimReport['claim'], state: ClaimReport['state']): string {
  const ended = endedAt === undefined ? '' : ` at ${endedAt}`;
  if (heldSince === undefined) return ended;
  return state === 'held' ? ` since ${heldSince}` : `${ended}, held since ${heldSince}`;
}

function claimText({ claim, state, drift }: ClaimReport, names: DeviceNames, style: Style): string {
  const whom = claim.for === null ? '' : ` for ${claim.for}`;
  const dress = state === 'held' ? style.good : state === 'ended' ? style.faint : style.doubt;
  const head = `${style.name(claim.id)}${whom}: ${dress(STATES[state])}${times(claim, state)}, policy ${claim.policy.name}`;
  return sections(
    [
      ['', paragraph(head, style.width)],
      ['', claim.members.map((m) => `  ${style.name(names.short(m.device))}  ${names.long(m.device)}`).join('\n')],
      [
        'Accepted losses',
        bullets(
          claim.losses.map((l) => (l.effect === 'lost' ? l.item : `${l.item} (${l.effect})`)),
          style,
        ),
      ],
      [
        'Stuck in the kernel',
        bullets(
          Array.from(claim.stuck.values(), (s) => `${s.step.why} (process ${s.writer.pid}, since ${s.since})`),
          style,
        ),
      ],
      [
        'Changed since',
        bullets(
          drift.map((d) => d.says),
          style,
        ),
      ],
      [
        'Different at its end',
        bullets(
          claim.differences.map((d) => d.says),
          style,
        ),
      ],
    ],
    style,
  );
}
