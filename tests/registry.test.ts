/**
 * @module A registry over each captured machine says what the graph of the whole machine says, and goes on saying so while
 * devices are unplugged and plugged.
 */
import { readdirSync } from 'node:fs';
import {
  createRegistry,
  type Device,
  type Group,
  groupName,
  membersOf,
  POLICIES,
  type Policy,
  partition,
  type Registry,
} from '@isogroups/core';
import { openMachine } from '@isogroups/inventory';
import { analyse, type CapturedMachine, createCapturedMachine, createPciProvider, type Machine } from '@isogroups/pci';
import { describe, expect, it } from 'vitest';

const fixtures = readdirSync('fixtures', { withFileTypes: true }).filter((e) => e.isDirectory());

/** `vtd0/0000:01:00.0: 0000:01:00.0 0000:01:00.1`, from scratch. */
function computed(machine: Machine, policy: Policy): readonly string[] {
  const { graph } = analyse(machine);
  const p = partition(graph, policy);
  return Array.from({ length: p.groupCount }, (_, g) => {
    const members = Array.from(membersOf(p, g), (party) => graph.parties.nameOf(party));
    return `${groupName(p, g)}: ${members.join(' ')}`;
  }).sort();
}

function registered({ groups }: Registry): readonly string[] {
  const say = (group: Group): string => `${group.name}: ${group.devices.map((device) => device.name).join(' ')}`;
  return groups.map(say).sort();
}

function expectSame(registry: Registry, machine: CapturedMachine, policies: readonly Policy[]): void {
  for (const policy of policies) {
    if (registry.policy !== policy) registry.setPolicy(policy);
    expect(registered(registry)).toEqual(computed(machine.facts(), policy));
  }
}

describe.each(fixtures.map((e) => e.name))('%s', (name) => {
  it('has the groups of the graph, also while functions are unplugged and plugged', async () => {
    const machine = createCapturedMachine(await openMachine(`fixtures/${name}/snapshot.tar.gz`));
    const registry = createRegistry(machine);
    registry.registerProvider('pci', createPciProvider(machine));
    expectSame(registry, machine, [POLICIES.lab, POLICIES.default, POLICIES.strict]);
    const names = [...machine.devices()].filter((d) => d.bus === 'pci').map((d) => d.name);
    for (const device of names) {
      const functions = machine.unplug(machine.find(device) as Device);
      expectSame(registry, machine, [POLICIES.strict]);
      for (const f of functions) machine.plug(f);
      expectSame(registry, machine, [POLICIES.strict]);
    }
    expectSame(registry, machine, [POLICIES.lab, POLICIES.default]);
  });
});
