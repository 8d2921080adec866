import {
  createManager,
  createRegistry,
  type Device,
  type Group,
  groupName,
  type Interference,
  IsolationError,
  membersOf,
  POLICIES,
  partition,
  type Registry,
} from '@isogroups/core';
import { describe, expect, it } from 'vitest';
import { analyse } from '../analysis.ts';
import type { LooseFunction } from '../facts/assemble-machine.ts';
import { endpoint, machineOf, type Node, port } from '../testing/build-machine.ts';
import { type CapturedMachine, createCapturedMachine } from './captured-machine.ts';
import { createPciProvider } from './pci-provider.ts';

function start(roots: readonly Node[], kernel = {}): { machine: CapturedMachine; registry: Registry } {
  const machine = createCapturedMachine(machineOf(roots, { kernel }));
  const registry = createRegistry(machine, { policy: POLICIES.strict });
  registry.registerProvider('pci', createPciProvider(machine));
  return { machine, registry };
}

const say = ({ name, devices }: Group): string => `${name}: ${devices.map((d) => d.name).join(' ')}`;

function expectAsComputed({ machine, registry }: { machine: CapturedMachine; registry: Registry }): void {
  const { graph } = analyse(machine.facts());
  const p = partition(graph, POLICIES.strict);
  const groups = Array.from(
    { length: p.groupCount },
    (_, g) => `${groupName(p, g)}: ${Array.from(membersOf(p, g), (i) => graph.parties.nameOf(i)).join(' ')}`,
  );
  expect(registry.groups.map(say).sort()).toEqual(groups.sort());
}

function thrownBy(act: () => unknown): IsolationError {
  try {
    act();
  } catch (error) {
    if (error instanceof IsolationError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const MANAGER = createManager({ name: 'vfio' });
const find = (machine: CapturedMachine, name: string): Device => machine.find(name) as Device;

describe('the PCI provider', () => {
  it('joins the segment of a VMD to the one that its children send through, and parts them again', () => {
    const child = endpoint('10000:00:01.0', { facts: { dmaDeviceAddress: '0000:00:0e.0' } });
    const both = start([endpoint('00:0e.0'), endpoint('00:10.0'), child]);
    const { machine, registry } = both;
    expect(registry.groupOf(find(machine, '10000:00:01.0'))).toBe(registry.groupOf(find(machine, '0000:00:0e.0')));
    expectAsComputed(both);
    const facts = machine.unplug(find(machine, '10000:00:01.0'));
    expectAsComputed(both);
    for (const f of facts) machine.plug(f);
    expectAsComputed(both);
  });

  it('hears in every segment of a chipset whose interrupt remapping is broken', () => {
    const chipset = endpoint('00:00.0', {
      type: 'conventional',
      facts: { vendor: 0x8086, device: 0x3403, revision: 0x13, classCode: 0x060000 },
    });
    const { machine, registry } = start([chipset, endpoint('0001:00:01.0')], { log: [] });
    const device = find(machine, '0001:00:01.0');
    const forgedBy = (device: Device): Interference | undefined => {
      const { edges } = thrownBy(() => registry.claim(MANAGER, [device], POLICIES.default)).operands;
      return (edges as readonly Interference[]).find((edge) => edge.kind === 'interrupts');
    };
    const told = { evidence: [{ says: expect.stringContaining('chipset') }] };
    expect(forgedBy(device)).toMatchObject(told);
    // Without the chipset it is undecided: the log does not begin at boot.
    machine.unplug(find(machine, '0000:00:00.0'));
    const [facts] = machine.unplug(device) as readonly [LooseFunction];
    const forged = forgedBy(machine.plug(facts));
    expect(forged?.undecided).toBeDefined();
    expect(forged).not.toMatchObject(told);
  });

  it('looks at one segment only when one of its devices comes or goes', () => {
    const roots = ['0000', '0001'].map((s) =>
      port(`${s}:00:01.0`, {}, [endpoint(`${s}:01:00.0`), endpoint(`${s}:01:00.1`)]),
    );
    const { machine } = start(roots);
    const asked: string[] = [];
    const factsOf = (device: Device) => {
      asked.push(device.name);
      return machine.factsOf(device);
    };
    const spied = createPciProvider({ ...machine, factsOf });
    const sightings = [...machine.devices()].map((device) => spied.deviceAdded(device));
    expect(sightings.at(-1)?.devices.map((d) => d.name)).toEqual(['0001:00:01.0', '0001:01:00.0', '0001:01:00.1']);
    expect(asked).toHaveLength(6);
    const left = spied.deviceRemoved(find(machine, '0000:01:00.1'));
    expect(left.map((sighting) => sighting.devices.map((d) => d.name))).toEqual([['0000:00:01.0', '0000:01:00.0']]);
    expect(asked).toHaveLength(6);
  });

  it('sees what registers say now', () => {
    const both = start([port('00:01.0', {}, [endpoint('01:00.0', { multifunction: true }), endpoint('01:00.1')])]);
    const { machine, registry } = both;
    const before = registry.groups.length;
    for (const name of ['0000:01:00.0', '0000:01:00.1']) {
      const device = find(machine, name);
      const facts = machine.factsOf(device);
      if (facts === undefined) throw new Error('no facts');
      const isolating = { offset: 0x100, capability: 0x5d, control: 0x1d, capabilityDword: 0, controlDword: 0 };
      machine.change(device, { ...facts, acs: isolating });
    }
    registry.setPolicy(POLICIES.default);
    expect(registry.groups.length).toBeGreaterThan(before);
    registry.setPolicy(POLICIES.strict);
    expectAsComputed(both);
  });
});
