/**
 * @module Makes a plan from what is read of the machine. Changes nothing.
 */
import type { Partition } from '@isogroups/core';
import type { MachineTree } from '@isogroups/inventory';
import { type Analysis, known } from '@isogroups/pci';
import { readIdentity } from '../claims/identity.ts';
import { readRegisters } from '../claims/registers.ts';
import { handoverNotes, lockedMemoryNotes } from '../conditions/find-notes.ts';
import { findRefusals } from '../conditions/find-refusals.ts';
import { modulePresence } from '../conditions/vfio-modules.ts';
import { isVfioDriver } from '../conditions/viability.ts';
import { takenAwayBy } from '../doctor/waiting-tasks.ts';
import type { ClaimedMember } from '../journal/record.ts';
import { isLocked } from '../kernel-files/device-files.ts';
import type { KernelFiles } from '../kernel-files/kernel-files.ts';
import { bootOf, groupMembers, readBinding } from '../transaction/observation.ts';
import { type AcceptedLoss, acceptedOf, lossRefusals } from './acceptance.ts';
import { policyRefusals } from './admission.ts';
import { countStep, loadStep, overrideStep, probeStep, unbindStep } from './binding-steps.ts';
import { type DriverChoice, VFIO_PCI } from './choose-driver.ts';
import { concernedDevices, findMembers, type MembersRequest } from './members.ts';
import { lossesOf } from './objections.ts';
import type { Plan, PlanMember } from './plan.ts';
import { BOOT_UNKNOWN, lockedRefusal, lockedSays, type Refusal, refusal } from './refusal.ts';
import { resetsOf } from './resets.ts';
import type { SignsOfChange } from './signs-of-change.ts';
import type { Step } from './step.ts';

export interface PlanRequest extends MembersRequest {
  readonly for: string | null;
  /** Items of losses that are accepted: `mount:/srv`. */
  readonly lose: readonly string[];
  /** Accepted for an earlier claim that is made once more. */
  readonly loseAgain?: readonly AcceptedLoss[];
  readonly confirmWithinMs: number | null;
  /** The overrides of claims that stand, which no other tool wrote: see `ownOverrides`. */
  readonly ours?: ReadonlyMap<string, string>;
  /** Read before the machine was: a claim that follows at once need not look at everything again. */
  readonly signs?: SignsOfChange;
}

/**
 * The plan for the machine as it is now. Ends whatever the drivers of its devices do: only who may come along is looked
 * at, patiently.
 */
export async function planNow(
  analysis: Analysis,
  partition: Partition,
  files: Pick<KernelFiles, 'lookPatiently'>,
  request: PlanRequest,
): Promise<Plan> {
  const concerned = concernedDevices(analysis, partition, request.asked);
  const plan = makePlan(analysis, partition, await files.lookPatiently(concerned), request);
  return plan.boot === undefined ? Object.freeze({ ...plan, refusals: [BOOT_UNKNOWN, ...plan.refusals] }) : plan;
}

/**
 * @param tree The same machine as that of the analysis, as it is now. Of a running machine the look that `planNow` takes:
 *   an override that is read from there directly waits for the driver of its device.
 */
export function makePlan(analysis: Analysis, partition: Partition, tree: MachineTree, request: PlanRequest): Plan {
  const found = findMembers(analysis, partition, tree, request);
  const claimed = found.members.filter((m) => m.role === 'move' || m.role === 'held' || m.role === 'vanishes');
  const withWayHome = claimed.map((m) => wayHome(tree, m));
  const { parties } = analysis.graph;
  const partyOf = new Map(Array.from({ length: parties.count }, (_, p) => [parties.nameOf(p), p]));
  const moving = claimed.filter((m) => m.role !== 'vanishes').flatMap((m) => partyOf.get(m.device) ?? []);
  const toVfio = moving.filter((p) => isVfioDriver(targetOf(claimed, parties.nameOf(p))));
  const leaving = claimed.filter((m) => m.role === 'vanishes').flatMap((m) => partyOf.get(m.device) ?? []);
  const losses = lossesOf(tree, claimed, request.ours);
  const acceptedLosses = acceptedOf(losses, request.lose, request.loseAgain ?? []);
  const goes = new Set(claimed.map((m) => m.device));
  const nothing = claimed.length === 0 && found.refusals.length === 0;
  return Object.freeze({
    asked: request.asked.map((p) => parties.nameOf(p)),
    for: request.for,
    policy: policyOf(partition),
    boot: bootOf(tree),
    ...(request.signs === undefined ? {} : { signs: request.signs }),
    members: found.members,
    claimed: withWayHome,
    company: found.company,
    component: found.component,
    staying: found.kernelGroups
      .flatMap((group) => groupMembers(tree, group))
      .filter(({ name }) => !goes.has(name))
      .map(({ name, driver }) => ({ device: name, driver })),
    registers: readRegisters(analysis, moving),
    kernelGroups: found.kernelGroups,
    steps: stepsOf(found.members, found.choices, withWayHome),
    resets: resetsOf(analysis, moving),
    losses,
    acceptedLosses,
    confirmWithinMs: request.confirmWithinMs,
    refusals: [
      ...(nothing
        ? [refusal('only-bridges', 'there is nothing but bridges, which nobody hands over', 'name a device')]
        : []),
      ...found.refusals,
      ...policyRefusals(analysis, partition, moving),
      ...findRefusals(analysis, tree, toVfio, leaving),
      ...driverRefusals(analysis, tree, found.choices),
      ...busyRefusals(tree, claimed),
      ...lossRefusals(losses, acceptedLosses),
    ],
    unknown: [],
    notes: notesOf(analysis, tree, moving, found.kernelGroups, request.for),
  });
}

function notesOf(
  analysis: Analysis,
  tree: MachineTree,
  moving: readonly number[],
  ids: readonly number[],
  user: string | null,
): readonly string[] {
  const groups = (known(analysis.machine.kernel.groups) ?? []).filter((g) => ids.includes(g.id));
  const { parties } = analysis.graph;
  return [
    ...handoverNotes(analysis, moving, groups, (p) => parties.nameOf(p)),
    ...(user === null ? [] : lockedMemoryNotes(tree, user)),
  ];
}

const targetOf = (members: readonly PlanMember[], device: string): string =>
  members.find((m) => m.device === device)?.target ?? '';

/** A driver that can never come is better refused than found out in the middle. */
function driverRefusals(
  { machine }: Analysis,
  tree: MachineTree,
  choices: ReadonlyMap<string, DriverChoice>,
): readonly Refusal[] {
  const modules = new Set(Array.from(choices.values(), ({ module }) => module));
  return [...modules].flatMap((module) => {
    // That VFIO itself is missing is said by the kernel's conditions.
    if (module === undefined || module === VFIO_PCI) return [];
    if (modulePresence(tree, known(machine.kernel.release), module) !== 'absent') return [];
    const says = `there is no driver ${module}, neither in the running kernel nor among its modules`;
    return [refusal('no-such-driver', says, 'install it, or name another with --driver')];
  });
}

/**
 * What a driver hangs in cannot be moved, whatever is accepted. Linux 6.1 does not show the override of such a device;
 * 6.12.117 does, and there the task has to be found.
 */
function busyRefusals(tree: MachineTree, claimed: readonly PlanMember[]): readonly Refusal[] {
  return claimed.flatMap(({ device }) => {
    const says = busyWith(tree, device);
    return says === undefined ? [] : [lockedRefusal(device, says)];
  });
}

function busyWith(tree: MachineTree, device: string): string | undefined {
  const [task] = takenAwayBy(tree, device);
  if (task !== undefined) {
    const perhaps = task.concerns === 'yes' ? '' : ', as it seems';
    return `${task.command} (${task.pid}) is taking ${device} away${perhaps}, and that does not come to an end`;
  }
  return isLocked(tree, device) ? lockedSays(device) : undefined;
}

function wayHome(tree: MachineTree, { device, target, kernelGroup }: PlanMember): ClaimedMember {
  return { device, identity: readIdentity(tree, device), before: readBinding(tree, device), target, kernelGroup };
}

/** All overrides, then what has to be loaded, then all unbinding, then all probing. */
function stepsOf(
  members: readonly PlanMember[],
  choices: ReadonlyMap<string, DriverChoice>,
  claimed: readonly ClaimedMember[],
): readonly Step[] {
  const moving = members.filter((m) => m.role === 'move');
  const before = new Map(claimed.map((m) => [m.device, m.before]));
  const target = (m: PlanMember): string => (choices.get(m.device) as DriverChoice).driver;
  const loads = new Map<string, string>();
  for (const { device } of moving) {
    const module = choices.get(device)?.module;
    if (module !== undefined && !loads.has(module)) loads.set(module, device);
  }
  return [
    ...moving.filter((m) => (before.get(m.device)?.virtualFunctions ?? 0) > 0).map((m) => countStep(m.device, 0)),
    ...moving.filter((m) => before.get(m.device)?.override !== target(m)).map((m) => overrideStep(m.device, target(m))),
    ...Array.from(loads, ([module, device]) => loadStep(device, module)),
    ...moving.flatMap((m) => (m.driver === null ? [] : [unbindStep(m.device, m.driver)])),
    ...moving.map((m) => probeStep(m.device, target(m))),
  ];
}

function policyOf({ policy }: Partition): Plan['policy'] {
  return {
    name: policy.name,
    accepted: policy.acceptances.map((a) => (a.where === undefined ? a.kind : `${a.kind}@${a.where}`)),
  };
}
