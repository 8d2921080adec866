/**
 * @module What every example begins with: a machine, its IOMMU units, and a registry that has a provider for PCI.
 */
import { createRegistry, type Device, type Group, type Registry, type RegistryOptions } from '@isogroups/core';
import { createPciProvider } from '@isogroups/pci';
import {
  createIommus,
  type MachineIommus,
  type SimulatedDevice,
  type SimulatedMachine,
  simulate,
} from '@isogroups/simulator';

export interface Start {
  readonly machine: SimulatedMachine;
  readonly iommus: MachineIommus;
  readonly registry: Registry;
  /** By name or label: `nvme`. */
  device(name: string): SimulatedDevice;
  group(name: string): Group;
}

export function start(description: string, options: RegistryOptions = {}): Start {
  const machine = simulate(description);
  const iommus = createIommus(machine);
  const registry = createRegistry(machine, { iommuOpsOf: iommus.iommuOpsOf, ...options });
  registry.registerProvider('pci', createPciProvider(machine));
  machine.setGate(registry.mayBind);
  const device = (name: string): SimulatedDevice => {
    const found = machine.find(name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  };
  return { machine, iommus, registry, device, group: (name) => registry.groupOf(device(name)) as Group };
}

/** `nvme, nic`: what can be handed over, without the ports and bridges above. */
export function names(devices: Iterable<Device>): string {
  const simulated = [...devices] as SimulatedDevice[];
  return simulated
    .filter((d) => d.kind === 'software' || ((d.config[0x0e] as number) & 0x7f) === 0)
    .map((d) => d.label)
    .join(', ');
}

/** The groups that have something to hand over, a line each. */
export function showGroups(registry: Registry): void {
  const lines = registry.groups.map(({ name, devices }) => ({ name, members: names(devices) }));
  for (const { name, members } of lines.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (members !== '') console.log(`${name}: ${members}`);
  }
}

/** What a call is refused with. */
export function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return 'granted';
}
