import { POLICIES, partition } from '@isogroups/core';
import { readMachine } from '@isogroups/inventory';
import { analyse } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { type FileRecipes, memoryTreeOf } from '../../../inventory/src/testing/tree-entries.ts';
import { claimsOf, ownOverrides } from '../claims/claim-state.ts';
import { createFakeKernel } from '../testing/fake-kernel.ts';
import type { KernelState } from '../testing/kernel-state.ts';
import { kernelFiles, kernelTree } from '../testing/kernel-tree.ts';
import { createMemoryJournal } from '../testing/memory-journal.ts';
import { machineOf, machineWithVirtualFunctions, planFor, planOn } from '../testing/scenarios.ts';
import { claim, release } from '../transaction/commands.ts';
import { makePlan, planNow } from './make-plan.ts';
import { concernedDevices } from './members.ts';

const FIRST = '0000:00:05.0';

const MODULES = 'lib/modules/6.12.48-amd64';
const files = {
  ...kernelFiles(machineOf(2)),
  [`${MODULES}/modules.builtin`]: 'kernel/drivers/vfio/pci/vfio-pci.ko\nkernel/drivers/vfio/vfio_iommu_type1.ko',
  [`${MODULES}/modules.dep`]: 'kernel/drivers/net/variant_vfio_pci.ko.xz: ',
  [`${MODULES}/modules.alias`]: 'alias vfio_pci:v00008086d00001521sv*sd*bc*sc*i* variant_vfio_pci',
};
const MODALIAS = 'pci:v00008086d00001521sv00008086sd00000001bc02sc00i00';

function plan(more: Readonly<Record<string, string>>, driver?: string) {
  const tree = memoryTreeOf({ ...files, ...more });
  const analysis = analyse(readMachine(tree, { kind: 'live', label: 'test' }));
  const request = { asked: [0], driver, with: 'all', for: null, lose: [], confirmWithinMs: null } as const;
  return makePlan(analysis, partition(analysis.graph, POLICIES.default), tree, request);
}

const phases = ({ steps }: { steps: readonly { phase: string; device: string }[] }): string[] =>
  steps.map((s) => `${s.phase} ${s.device.slice(-4)}`);

describe('a plan', () => {
  it('has all overrides, then what is loaded, then all unbinding, then all probing', () => {
    expect(phases(planFor(machineOf(2), '0000:00:05.0'))).toEqual([
      'override 05.0',
      'override 05.1',
      'load 05.0',
      'unbind 05.0',
      'unbind 05.1',
      'probe 05.0',
      'probe 05.1',
    ]);
  });

  it('leaves members without a driver alone, unless they are asked for', () => {
    expect(phases(planFor(machineOf(4), '0000:00:05.0')).filter((p) => p.endsWith('05.3'))).toEqual([]);
    const asked = phases(planFor(machineOf(4), '0000:00:05.3')).filter((p) => p.endsWith('05.3'));
    expect(asked).toEqual(['override 05.3', 'load 05.3', 'probe 05.3']);
  });

  it('switches virtual functions off before their owner goes', () => {
    const { steps } = planFor(machineWithVirtualFunctions(), '0000:00:06.0');
    expect(steps[0]).toMatchObject({
      phase: 'count',
      file: 'sys/bus/pci/devices/0000:00:06.0/sriov_numvfs',
      text: '0',
    });
  });

  it('takes a physical function whose virtual functions are in its own kernel group', () => {
    const state = machineWithVirtualFunctions();
    const together = { ...state, devices: state.devices.map((device) => ({ ...device, group: 1 })) };
    expect(planFor(together, '0000:00:06.0').refusals).toEqual([]);
  });

  it('never names a device by its ids', () => {
    for (const state of [machineOf(4), machineWithVirtualFunctions()]) {
      const { steps } = planFor(state, state.devices[0]?.address as string);
      for (const step of steps) if (step.kind === 'write') expect(step.file).not.toMatch(/new_id|remove_id/);
    }
  });

  it('takes the variant of VFIO that is made for a device', () => {
    const found = plan({ 'sys/devices/pci0000:00/0000:00:05.0/modalias': MODALIAS });
    expect(found.members[0]?.target).toBe('variant_vfio_pci');
    expect(found.members[1]?.target).toBe('vfio-pci');
    expect(found.steps.filter((s) => s.kind === 'run').map((s) => s.args)).toEqual([
      ['variant_vfio_pci'],
      ['vfio-pci'],
    ]);
  });

  it('calls the driver of a variant as its module registers it', () => {
    const modalias = { 'sys/devices/pci0000:00/0000:00:05.0/modalias': MODALIAS };
    const aliases = (module: string) => ({
      ...modalias,
      [`${MODULES}/modules.alias`]: `alias vfio_pci:v00008086d00001521sv*sd*bc*sc*i* ${module}`,
    });
    const variants = ['mlx5', 'hisi_acc', 'virtio', 'nvgrace_gpu', 'pds'].map((name) => `${name}_vfio_pci`);
    for (const module of variants) expect(plan(aliases(module)).members[0]?.target).toBe(module);
    expect(plan(aliases('vfio_pci')).members[0]?.target).toBe('vfio-pci');
    const loaded = { 'sys/module/odd_vfio_pci/drivers/pci:odd-vfio': '' };
    expect(plan({ ...aliases('odd_vfio_pci'), ...loaded }).members[0]?.target).toBe('odd-vfio');
  });

  it('refuses what a driver hangs in, and only that', async () => {
    const kernel = createFakeKernel(machineOf(2));
    kernel.faults = (_, step) => (step.device === FIRST ? { kind: 'hang' } : undefined);
    await kernel.write(`sys/bus/pci/drivers/igb/unbind`, FIRST, 1);
    const analysis = analyse(readMachine(kernel.look(), { kind: 'live', label: 'test' }));
    const groups = partition(analysis.graph, POLICIES.default);
    const request = { asked: [0], driver: undefined, with: 'all', for: null, lose: [], confirmWithinMs: null } as const;
    const { refusals, losses } = await planNow(analysis, groups, kernel, request);
    const accepted = await planNow(analysis, groups, kernel, { ...request, lose: losses.map((l) => l.item) });
    expect(refusals.map((r) => r.kind)).toContain('locked');
    // What is not known of it cannot be accepted away.
    expect(accepted.refusals).toMatchObject([{ kind: 'locked', device: FIRST }]);
    kernel.letGo(false);
    const again = await planNow(analysis, groups, kernel, request);
    expect(again.refusals.map((r) => r.kind)).not.toContain('locked');
  });

  it('looks patiently at whoever may have to come along, virtual functions too', () => {
    const concerned = (state: KernelState, asked: string) => {
      const analysis = analyse(readMachine(kernelTree(state), { kind: 'live', label: 'test' }));
      const { parties } = analysis.graph;
      const party = Array.from({ length: parties.count }, (_, p) => p).filter((p) => parties.nameOf(p) === asked);
      return concernedDevices(analysis, partition(analysis.graph, POLICIES.default), party);
    };
    expect(concerned(machineOf(2), FIRST)).toEqual([FIRST, '0000:00:05.1']);
    const functions = ['0000:00:06.0', '0000:00:06.1', '0000:00:06.2'];
    expect(concerned(machineWithVirtualFunctions(), '0000:00:06.0')).toEqual(functions);
    expect(concerned(machineWithVirtualFunctions(), '0000:00:06.1')).toEqual(['0000:00:06.1']);
  });

  it('refuses what somebody is taking away, also where the kernel shows all of it', () => {
    const task = {
      'proc/77/comm': 'sh',
      'proc/77/fd/1': { link: '/sys/bus/pci/drivers/igb/unbind' },
      'proc/77/task/77/comm': 'sh',
      'proc/77/task/77/stat': '77 (sh) D 1 77 77',
      'proc/77/task/77/stack': '[<0>] msleep+0x1/0x2\n[<0>] igb_remove+0x1/0x2\n[<0>] unbind_store+0x1/0x2',
    };
    const enabled = (count: string) => ({ 'sys/devices/pci0000:00/0000:00:05.0/enable': count });
    const kinds = (driver: string | null, more: FileRecipes) => {
      const state = machineOf(1);
      const files = kernelFiles({ ...state, devices: state.devices.map((d) => ({ ...d, driver })) });
      return planOn(memoryTreeOf({ ...files, ...more }), FIRST).refusals.map((r) => r.kind);
    };
    expect(kinds(null, { ...task, ...enabled('1') })).toEqual(['locked']);
    // Switched off, it has been let go of; with a driver, it is not being taken away.
    expect(kinds(null, { ...task, ...enabled('0') })).toEqual([]);
    expect(kinds('igb', { ...task, ...enabled('1') })).toEqual([]);
    expect(kinds(null, enabled('1'))).toEqual([]);
  });

  it('takes the override of a claim that stands for no other tool’s', async () => {
    const kernel = createFakeKernel(machineOf(2));
    const journal = createMemoryJournal();
    const { boot } = planFor(machineOf(2), FIRST);
    const claimed = await claim(planFor(machineOf(2), FIRST), { files: kernel, journal });
    expect(claimed.kind).toBe('claimed');
    // Somebody has taken VFIO's driver away by hand since.
    const devices = kernel.state.devices.map((d) => ({ ...d, driver: null }));
    kernel.set({ ...kernel.state, devices });
    const items = (ours: ReadonlyMap<string, string>) =>
      planOn(kernel.look(), FIRST, { lose: [], ours }).losses.flatMap(({ item }) =>
        item.startsWith('override:') ? [item] : [],
      );
    const claims = claimsOf(journal.read().records);
    expect(items(ownOverrides(claims, boot))).toEqual([]);
    expect(items(ownOverrides(claims, 'another boot'))).toEqual([`override:${FIRST}`]);
    await release('c1', { files: kernel, journal });
    expect(ownOverrides(claimsOf(journal.read().records), boot).size).toBe(0);
  });

  it('refuses a driver that can never come', () => {
    expect(plan({}, 'no-such').refusals.map((r) => r.kind)).toContain('no-such-driver');
    expect(plan({}, 'variant_vfio_pci').refusals.map((r) => r.kind)).not.toContain('no-such-driver');
  });
});
