/**
 * @module A plan as answers show it.
 */
import type { Plan, Refusal } from '@isogroups/host';

export function planData(plan: Plan): Record<string, unknown> {
  const { asked, confirmWithinMs, kernelGroups, members, steps, resets, losses, refusals, unknown, notes } = plan;
  return {
    verdict: planVerdict(plan),
    asked,
    for: plan.for,
    confirmWithinMs,
    kernelGroups,
    members,
    steps,
    resets,
    losses,
    acceptedLosses: plan.acceptedLosses.map((l) => l.item),
    refusals: refusalData(refusals),
    unknown,
    notes,
  };
}

/** `device` is always there: null where no device is in the way. */
export const refusalData = (refusals: readonly Refusal[]): readonly Record<string, unknown>[] =>
  refusals.map((r) => ({ ...r, device: r.device ?? null }));

/** `undecided`: nothing that is known refuses it. */
export function planVerdict({ refusals, unknown }: Plan): 'ready' | 'refused' | 'undecided' {
  if (refusals.length > 0) return 'refused';
  return unknown.length > 0 ? 'undecided' : 'ready';
}
