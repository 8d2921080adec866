/**
 * @module What it would take to hand devices over on a machine of which there is a snapshot: as far as that tells.
 */
import type { Partition } from '@isogroups/core';
import type { MachineTree } from '@isogroups/inventory';
import type { Analysis } from '@isogroups/pci';
import { lossRefusals } from './acceptance.ts';
import { hasModuleAliases } from './choose-driver.ts';
import { makePlan, type PlanRequest } from './make-plan.ts';
import type { Plan } from './plan.ts';

/** Captures leave these out on purpose: they tell what somebody does with a machine, and not how it is made. */
const LOSSES =
  'what the host would lose: a snapshot has no mounts, swap, routes, sessions or open files in it, and not what other tools and claims have there';
const VARIANTS = 'whether a variant of VFIO is made for one of the devices: a snapshot has no modules.alias in it';

/**
 * What the guard could not read is one thing that is not known, and refuses nothing by itself; what it could read (virtual
 * functions that go, a display) is a loss like any other. Nobody can claim with such a plan.
 */
export function planOfSnapshot(
  analysis: Analysis,
  partition: Partition,
  tree: MachineTree,
  request: Omit<PlanRequest, 'ours' | 'loseAgain'>,
): Plan {
  const plan = makePlan(analysis, partition, tree, request);
  const losses = plan.losses.filter((l) => l.kind !== 'unread');
  const chooses = request.driver === undefined && plan.members.some((m) => m.role === 'move');
  return Object.freeze({
    ...plan,
    losses,
    refusals: [...plan.refusals.filter((r) => r.kind !== 'loss'), ...lossRefusals(losses, plan.acceptedLosses)],
    unknown: chooses && !hasModuleAliases(tree) ? [LOSSES, VARIANTS] : [LOSSES],
  });
}
