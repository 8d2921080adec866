import { POLICIES, partition } from '@isogroups/core';
import { readMachine } from '@isogroups/inventory';
import { analyse } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';
import { memoryTreeOf } from '../../../inventory/src/testing/tree-entries.ts';
import { kernelFiles } from '../testing/kernel-tree.ts';
import { machineOf, machineWithVirtualFunctions, planFor } from '../testing/scenarios.ts';
import { makePlan } from './make-plan.ts';

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

  it('refuses a driver that can never come', () => {
    expect(plan({}, 'no-such').refusals.map((r) => r.kind)).toContain('no-such-driver');
    expect(plan({}, 'variant_vfio_pci').refusals.map((r) => r.kind)).not.toContain('no-such-driver');
  });
});
