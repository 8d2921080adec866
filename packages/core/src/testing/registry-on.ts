/**
 * @module A registry on a machine of plain devices, for tests that are about one thing.
 */
import type { Driver } from '../device.ts';
import type { IommuOps } from '../domain/iommu-ops.ts';
import { createRegistry } from '../registry/create-registry.ts';
import type { RegistryEvent } from '../registry/events.ts';
import { createManager, type ManagerCallbacks } from '../registry/manager.ts';
import type { Registry, RegistryOptions } from '../registry/registry.ts';
import { type FakeIommu, fakeIommu } from './fake-iommu.ts';
import { type Fact, type FakeMachine, fakeMachine, tableProvider } from './fake-machine.ts';

export interface Bench {
  readonly machine: FakeMachine;
  readonly registry: Registry;
  readonly iommu: FakeIommu;
  /** All events since the start, as they came. */
  readonly events: RegistryEvent[];
  /** The kinds of events since the last call. */
  heard(): readonly string[];
  device(name: string): ReturnType<FakeMachine['plug']>;
}

/** @param names of devices on bus `pci`, in the order of their arrival */
export function registryOn(names: string, facts: readonly Fact[], options: RegistryOptions = {}): Bench {
  const machine = fakeMachine();
  for (const name of names.split(' ')) machine.plug(name);
  const iommu = fakeIommu();
  const registry = createRegistry(machine, { iommuOpsOf: (): IommuOps => iommu, ...options });
  registry.registerProvider('pci', tableProvider('table', facts));
  const events: RegistryEvent[] = [];
  registry.on((event) => events.push(event));
  let told = 0;
  return {
    machine,
    registry,
    iommu,
    events,
    heard() {
      const kinds = events.slice(told).map((event) => event.kind);
      told = events.length;
      return kinds;
    },
    device(name) {
      for (const device of machine.present) if (device.name === name) return device;
      throw new Error(`${name} is not there`);
    },
  };
}

export const VFIO_PCI: Driver = { name: 'vfio-pci' };
export const NVME: Driver = { name: 'nvme' };

export function vfio(callbacks: ManagerCallbacks = {}) {
  const manager = createManager({ name: 'vfio', ...callbacks });
  manager.allowDriver(VFIO_PCI);
  return manager;
}
