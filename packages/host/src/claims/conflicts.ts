/**
 * @module Whether a plan wants what another claim has.
 */
import type { Plan } from '../plan/plan.ts';
import { type Refusal, refusal } from '../plan/refusal.ts';
import { type ClaimState, isStanding, isUnderWay } from './claim-state.ts';

/** Two claims never share a device. Members are whole groups, so it is enough to compare devices. A claim of an earlier boot is over. */
export function conflicts(
  { claimed }: Pick<Plan, 'claimed'>,
  claims: readonly ClaimState[],
  boot: string,
): readonly Refusal[] {
  const standing = claims.filter((c) => isStanding(c) && c.boot === boot);
  return standing.flatMap((claim) => {
    const theirs = new Set([...claim.company, ...claim.members.map((m) => m.device)]);
    const shared = claimed.filter((m) => theirs.has(m.device));
    return shared.map(({ device }) =>
      isUnderWay(claim)
        ? refusal(
            'interrupted',
            // A plan is made without the lock, so both are possible.
            `claim ${claim.id} is in the middle of ${device}: another command is at work on it, or was interrupted`,
            'wait for it, or isogroups recover',
            device,
          )
        : refusal(
            'claimed',
            `${device} belongs to claim ${claim.id}${claim.for === null ? '' : ` (${claim.for})`}`,
            `isogroups release ${claim.id}`,
            device,
          ),
    );
  });
}
