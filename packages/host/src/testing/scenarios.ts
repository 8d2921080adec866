/**
 * @module Machines to claim from, and plans for them.
 */
import { POLICIES, partition } from '@isogroups/core';
import { type MachineTree, readMachine } from '@isogroups/inventory';
import { analyse } from '@isogroups/pci';
import { makePlan, type PlanRequest } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { FakeDevice, KernelState } from './kernel-state.ts';
import { kernelTree } from './kernel-tree.ts';

const device = (address: string, driver: string | null, more: Partial<FakeDevice> = {}): FakeDevice => ({
  address,
  ids: '8086:1521',
  serial: address.slice(-4).replaceAll(/\D/g, ''),
  group: 1,
  native: 'igb',
  driver,
  override: null,
  present: true,
  ...more,
});

/** Functions of one slot, which form one group. */
export function machineOf(members: number): KernelState {
  const devices = [
    device('0000:00:05.0', 'igb'),
    device('0000:00:05.1', 'e1000e', { native: 'e1000e' }),
    device('0000:00:05.2', 'igb', { override: 'igb' }),
    device('0000:00:05.3', null),
  ].slice(0, members);
  return { boot: 1, devices, drivers: ['e1000e', 'igb'], hung: [] };
}

/** A group of a device, and one without a driver that stays where it is. */
export function machineWithDriverless(): KernelState {
  const all = machineOf(4);
  return { ...all, devices: all.devices.filter((_, i) => i === 0 || i === 3) };
}

/** A physical function with two virtual functions, each in a group of its own. */
export function machineWithVirtualFunctions(): KernelState {
  const owner = '0000:00:06.0';
  const vf = (number: number, more: Partial<FakeDevice>): FakeDevice =>
    device(`0000:00:06.${number + 1}`, 'igbvf', {
      ids: '8086:1520',
      native: 'igbvf',
      group: number + 2,
      owner: { address: owner, number },
      ...more,
    });
  return {
    boot: 1,
    devices: [device(owner, 'igb', { vfs: 2 }), vf(0, {}), vf(1, { driver: null, override: 'none' })],
    drivers: ['igb', 'igbvf'],
    hung: [],
  };
}

/** For all that has to come along; the host loses what it loses. */
export function planFor(state: KernelState, asked: string, confirmWithinMs: number | null = null): Plan {
  return planOn(kernelTree(state), asked, { confirmWithinMs });
}

export function planOn(tree: MachineTree, asked: string, more: Partial<PlanRequest> = {}): Plan {
  const analysis = analyse(readMachine(tree, { kind: 'live', label: 'fake kernel' }));
  const { parties } = analysis.graph;
  const party = Array.from({ length: parties.count }, (_, p) => p).find((p) => parties.nameOf(p) === asked) as number;
  const groups = partition(analysis.graph, POLICIES.default);
  const request: PlanRequest = {
    asked: [party],
    driver: undefined,
    with: 'all',
    for: 'test',
    lose: [],
    confirmWithinMs: null,
    ...more,
  };
  const { losses } = makePlan(analysis, groups, tree, request);
  return makePlan(analysis, groups, tree, { ...request, lose: losses.map((l) => l.item), ...more });
}
