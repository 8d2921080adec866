import { POLICIES, partition } from '@isogroups/core';
import { type MachineTree, readMachine } from '@isogroups/inventory';
import { analyse } from '@isogroups/pci';
import { expect, it } from 'vitest';
import { memoryTreeOf } from '../../../inventory/src/testing/tree-entries.ts';
import { kernelFiles, kernelTree } from '../testing/kernel-tree.ts';
import { machineOf, machineWithVirtualFunctions } from '../testing/scenarios.ts';
import { claimProtocol } from '../transaction/claim-protocol.ts';
import type { Plan } from './plan.ts';
import { planOfSnapshot } from './plan-of-snapshot.ts';

function planOf(tree: MachineTree, more: { readonly driver?: string; readonly lose?: readonly string[] } = {}): Plan {
  const analysis = analyse(readMachine(tree, { kind: 'snapshot', label: 'box.tar.gz' }));
  const { parties } = analysis.graph;
  const asked = Array.from({ length: parties.count }, (_, p) => p).filter((p) => parties.nameOf(p).endsWith('.0'));
  const request = {
    asked,
    driver: more.driver,
    with: 'all',
    for: null,
    lose: more.lose ?? [],
    confirmWithinMs: null,
  } as const;
  return planOfSnapshot(analysis, partition(analysis.graph, POLICIES.default), tree, request);
}

it('does not take for absent what a snapshot does not hold', () => {
  const plan = planOf(kernelTree(machineOf(2)));
  expect([plan.refusals, plan.losses]).toEqual([[], []]);
  expect(plan.unknown.map((u) => u.split(':')[0])).toEqual([
    'what the host would lose',
    'whether a variant of VFIO is made for one of the devices',
  ]);
});

it('knows what can be seen of it', () => {
  const release = '6.12.48-amd64';
  const files = kernelFiles(machineOf(2));
  const aliases = { ...files, [`lib/modules/${release}/modules.alias`]: 'alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci' };
  expect(planOf(memoryTreeOf(aliases)).unknown).toHaveLength(1);
  expect(planOf(kernelTree(machineOf(2)), { driver: 'vfio-pci' }).unknown).toHaveLength(1);
  const item = 'override:0000:00:05.1';
  const machine = machineOf(2);
  const taken = { ...machine, devices: machine.devices.map((d, i) => (i === 1 ? { ...d, override: 'pci-stub' } : d)) };
  expect(planOf(kernelTree(taken)).refusals).toMatchObject([{ kind: 'loss', device: '0000:00:05.1' }]);
  expect(planOf(kernelTree(taken), { lose: [item] }).refusals).toEqual([]);
});

it('is nothing to claim with', () => {
  const plan = planOf(kernelTree(machineWithVirtualFunctions()), { driver: 'vfio-pci' });
  const { value, done } = claimProtocol({ ...plan, refusals: [] }).next();
  expect([done, value]).toMatchObject([true, { kind: 'refused', refusals: [{ kind: 'not-known' }] }]);
});
