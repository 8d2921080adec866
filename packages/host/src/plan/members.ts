/**
 * @module Who moves, who comes along, who is left alone.
 */
import { membersOf, type Partition } from '@isogroups/core';
import type { MachineTree } from '@isogroups/inventory';
import { type Analysis, formatAddress, type PciFunction } from '@isogroups/pci';
import { isVfioDriver } from '../conditions/viability.ts';
import { linkName, pciDevice } from '../kernel-files/device-files.ts';
import { type DriverChoice, driverChooser } from './choose-driver.ts';
import { handoverSet, kernelMembership } from './handover-set.ts';
import type { PlanMember } from './plan.ts';
import { type Refusal, refusal } from './refusal.ts';

export interface MembersRequest {
  /** Parties of the graph. */
  readonly asked: readonly number[];
  readonly driver: string | undefined;
  /** Devices that may come along, by name; `all`: whoever has to. */
  readonly with: readonly string[] | 'all';
}

export interface FoundMembers {
  readonly members: readonly PlanMember[];
  /** Of those that move: the driver and what has to be loaded for it. */
  readonly choices: ReadonlyMap<string, DriverChoice>;
  readonly kernelGroups: readonly number[];
  /** Names of all members of those groups. */
  readonly company: readonly string[];
  /** Names of all members of the policy's groups, bridges and driverless ones too. */
  readonly component: readonly string[];
  readonly refusals: readonly Refusal[];
}

export function findMembers(
  analysis: Analysis,
  partition: Partition,
  tree: MachineTree,
  request: MembersRequest,
): FoundMembers {
  const { machine, graph } = analysis;
  const { parties } = graph;
  const kernel = kernelMembership(analysis);
  const set = handoverSet(analysis, partition, kernel, request.asked);
  const chooser = driverChooser(tree, request.driver);
  const choices = new Map<string, DriverChoice>();
  const refusals: Refusal[] = [];
  const members: PlanMember[] = [];

  for (const [party, comesBy] of set.members) {
    const device = parties.nameOf(party);
    const f = machine.functions[party];
    const member: Omit<PlanMember, 'role' | 'target' | 'driver'> = {
      device,
      comesBy: comesBy.kind,
      with: comesBy.kind === 'asked' ? null : parties.nameOf(comesBy.with),
      kernelGroup: kernel.groupOf(party)?.id ?? null,
    };
    if (f === undefined) {
      const driver = machine.others[party - machine.functions.length]?.driver ?? null;
      const name = typeof driver === 'string' ? driver : null;
      members.push({ ...member, role: 'driverless', target: null, driver: name });
      if (driver !== null) refusals.push(notPci(device, name));
      continue;
    }
    const driver = linkName(tree, `${pciDevice(device)}/driver`);
    if (parties.isBridge(party)) {
      members.push({ ...member, role: 'bridge', target: null, driver });
    } else if (f.dmaDevice >= 0) {
      members.push({ ...member, role: 'vanishes', target: null, driver });
    } else if (driver === null && comesBy.kind !== 'asked') {
      members.push({ ...member, role: 'driverless', target: null, driver });
    } else {
      const choice = chooser.choose(device);
      const leaves = leavesDmaAlone(driver) && (comesBy.kind !== 'asked' || driver === choice.driver);
      if (!leaves) choices.set(device, choice);
      members.push({ ...member, role: leaves ? 'held' : 'move', target: leaves ? driver : choice.driver, driver });
    }
  }
  const all = withVirtualFunctions(machine.functions, tree, members);
  return {
    members: all,
    choices,
    kernelGroups: set.kernelGroups.map((g) => g.id),
    company: set.kernelGroups.flatMap((g) => g.members),
    component: set.policyGroups.flatMap((g) => Array.from(membersOf(partition, g), (p) => parties.nameOf(p))),
    refusals: [...refusals, ...notAccepted(all, request.with)],
  };
}

/** All whose binding a plan for `asked` could change: the whole set but for bridges, and the virtual functions of its members. */
export function concernedDevices(
  analysis: Analysis,
  partition: Partition,
  asked: readonly number[],
): readonly string[] {
  const { machine, graph } = analysis;
  const { members } = handoverSet(analysis, partition, kernelMembership(analysis), asked);
  const concerned = machine.functions.filter(
    (f, party) => (members.has(party) && !graph.parties.isBridge(party)) || members.has(f.physicalFunction),
  );
  return concerned.map(formatAddress);
}

/** VFIO and its variants, and pci-stub: whoever has one of these has been handed over already. */
const leavesDmaAlone = (driver: string | null): driver is string =>
  driver !== null && (driver === 'pci-stub' || isVfioDriver(driver));

/** The driver of a physical function takes its virtual functions away when it goes. */
function withVirtualFunctions(
  functions: readonly PciFunction[],
  tree: MachineTree,
  members: readonly PlanMember[],
): readonly PlanMember[] {
  const leaving = new Set(members.filter((m) => m.role === 'move').map((m) => m.device));
  const owned = functions.filter(
    (f) => f.physicalFunction >= 0 && leaving.has(formatAddress(functions[f.physicalFunction] as PciFunction)),
  );
  const vanishing = owned.map((f): PlanMember => {
    const device = formatAddress(f);
    const before = members.find((m) => m.device === device);
    const owner = formatAddress(functions[f.physicalFunction] as PciFunction);
    return {
      device,
      role: 'vanishes',
      comesBy: before?.comesBy === 'asked' ? 'asked' : 'physical-function',
      with: before?.comesBy === 'asked' ? null : owner,
      driver: linkName(tree, `${pciDevice(device)}/driver`),
      target: null,
      kernelGroup: typeof f.host.group === 'number' ? f.host.group : null,
    };
  });
  const names = new Set(vanishing.map((m) => m.device));
  return [...members.filter((m) => !names.has(m.device)), ...vanishing];
}

function notAccepted(members: readonly PlanMember[], accepted: readonly string[] | 'all'): readonly Refusal[] {
  if (accepted === 'all') return [];
  return members.flatMap((m) => {
    if (m.comesBy === 'asked' || (m.role !== 'move' && m.role !== 'vanishes') || accepted.includes(m.device)) return [];
    const fix = `--with ${m.device}, or --with all`;
    if (m.comesBy === 'physical-function') {
      const says = `${m.device} is a virtual function of ${m.with} and goes away with it`;
      return [refusal('virtual-functions', says, fix, m.device)];
    }
    const whose = m.comesBy === 'policy' ? 'can reach' : 'is in the kernel group of';
    const driver = m.driver === null ? '' : ` (${m.driver})`;
    return [refusal('not-accepted', `${m.device}${driver} ${whose} ${m.with} and has to come along`, fix, m.device)];
  });
}

function notPci(device: string, driver: string | null): Refusal {
  const says = `${device} is no PCI function, and ${driver ?? 'its driver'} keeps the group from VFIO`;
  return refusal('not-pci', says, `unbind ${device} by hand, if nothing needs it`, device);
}
