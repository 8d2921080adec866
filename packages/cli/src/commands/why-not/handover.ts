/**
 * @module Whether devices can be handed over now: who blocks, who does not, and what would have to happen.
 */
import { groupName, type Partition } from '@isogroups/core';
import { handoverNotes, handoverSet, isVfioDriver, justThese, kernelMembership } from '@isogroups/host';
import { type Analysis, known } from '@isogroups/pci';
import { nameOf } from '../../sentences/party.ts';
import { type HandoverMember, handoverMembers } from './handover-member.ts';
import type { Hindrance } from './hindrance.ts';
import { capturedLosses, type HostLosses } from './losses.ts';
import { memberHindrances } from './member-hindrances.ts';
import { refusals } from './refusals.ts';
import { bindingSteps, type Rebinding, type Step, uniqueSteps } from './steps.ts';

export interface Handover {
  readonly verdict: 'yes' | 'no' | 'undecided';
  readonly asked: readonly string[];
  /** Names of their groups under the policy, and all kernel groups that go along. */
  readonly policyGroups: readonly string[];
  readonly kernelGroups: readonly number[];
  readonly members: readonly HandoverMember[];
  readonly hindrances: readonly Hindrance[];
  readonly steps: readonly Step[];
  /** What the host loses when the steps are taken. */
  readonly warnings: readonly string[];
  /** Said beside it; does not decide. */
  readonly notes: readonly string[];
}

/** @param asked Parties. Bridges alone are answered as such: nothing is planned for what comes with them. */
export function handover(
  analysis: Analysis,
  partition: Partition,
  asked: readonly number[],
  losses: HostLosses = capturedLosses(analysis),
): Handover {
  const kernel = kernelMembership(analysis);
  const { parties } = analysis.graph;
  const onlyBridges = asked.every((p) => parties.isBridge(p));
  const set = onlyBridges ? justThese(asked) : handoverSet(analysis, partition, kernel, asked);
  const members = handoverMembers(analysis, partition, kernel, set);
  const hindrances = [...memberHindrances(analysis, partition, members), ...refusals(analysis, partition, kernel, set)];
  const rebindings = members.flatMap(([p, m]) => rebindingOf(analysis, p, m));
  return {
    verdict: hindrances.some((h) => h.certain) ? 'no' : hindrances.length > 0 ? 'undecided' : 'yes',
    asked: asked.map((p) => parties.nameOf(p)),
    policyGroups: [...new Set(asked.map((p) => groupName(partition, partition.groupOf[p] as number)))],
    kernelGroups: set.kernelGroups.map((g) => g.id),
    members: members.map(([, m]) => m),
    hindrances,
    steps: uniqueSteps([
      ...hindrances.flatMap((h) => (h.certain ? h.steps : [])),
      ...bindingSteps(rebindings, vfioIsLoaded(analysis)),
    ]),
    warnings: losses(rebindings),
    notes: handoverNotes(analysis, [...set.members.keys()], set.kernelGroups, (p) => nameOf(analysis, p)),
  };
}

/**
 * Who has to change hands: what was asked for, and members whose driver blocks. Members without a driver disturb nobody. A
 * device without a kernel group cannot.
 */
function rebindingOf({ machine }: Analysis, party: number, m: HandoverMember): readonly Rebinding[] {
  const f = machine.functions[party];
  const driver = m.driver ?? null;
  const needed = m.blocks === 'yes' || (!m.bridge && m.comesBy === 'asked');
  if (!needed || m.kernelGroup === null || (driver !== null && isVfioDriver(driver))) return [];
  // Children of VMD go with their endpoint.
  if (f !== undefined && f.dmaDevice >= 0) return [];
  const bus = f === undefined ? (machine.others[party - machine.functions.length]?.subsystem ?? 'platform') : 'pci';
  return [{ party, device: m.device, bus, driver, bridge: m.bridge }];
}

function vfioIsLoaded({ machine }: Analysis): boolean {
  return machine.functions.some((f) => known(f.host.driver) === 'vfio-pci');
}
