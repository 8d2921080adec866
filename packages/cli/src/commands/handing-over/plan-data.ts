/**
 * @module A plan as answers show it.
 */
import type { Plan } from '@isogroups/host';

export function planData(plan: Plan): Record<string, unknown> {
  const { asked, kernelGroups, members, steps, resets, losses, refusals, notes } = plan;
  return {
    verdict: refusals.length === 0 ? 'ready' : 'refused',
    asked,
    kernelGroups,
    members,
    steps,
    resets,
    losses,
    acceptedLosses: plan.acceptedLosses.map((l) => l.item),
    refusals: refusals.map((r) => ({ ...r, device: r.device ?? null })),
    notes,
  };
}
