/**
 * @module The machine as others see it, over its state.
 */
import { type Device, type DeviceListener, NoDeviceError } from '@isogroups/core';
import { createMemoryTree, type MachineTree, type TreeEntry, withMissingFiles } from '@isogroups/inventory/parsers';
import { formatAddress, type LooseFunction, type PciAddress } from '@isogroups/pci';
import type { Slot } from '../language/description.ts';
import { parseSlot } from '../language/parse-slot.ts';
import { machineFiles } from '../sysfs/machine-files.ts';
import type { PlugPlace } from './bus-at.ts';
import { createConfigAccess } from './config-access.ts';
import { createIndex } from './device-index.ts';
import type { SimulatedDriver } from './driver.ts';
import { createDriverBinding } from './driver-binding.ts';
import { createAnnouncer } from './events.ts';
import { factsOfFunction } from './function-facts.ts';
import { plugIn } from './hot-plug.ts';
import type { LiveDevice, LiveFunction } from './live-device.ts';
import { machineFacts } from './machine-facts.ts';
import type { MachineState } from './machine-state.ts';
import type { SimulatedDevice, SimulatedFunction } from './simulated-device.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import { subtreeOf, takeOut } from './subtree.ts';
import { allRoots, busName, treeOrder } from './tree-order.ts';
import { switchOff, switchOn, virtualOf } from './virtual-functions.ts';

export function createMachine(state: MachineState): SimulatedMachine {
  const functions = remembered(state, 'structure', () => Object.freeze(treeOrder(state.roots)));
  const devices = remembered(state, 'structure', () => Object.freeze(functions().flatMap(withSoftware)));
  const facts = remembered(state, 'generation', () => machineFacts(state));
  const files = remembered(state, 'generation', () => machineFiles(state, facts()));
  const tree = remembered(state, 'generation', () => treeOf(state, files()));
  const index = createIndex(devices());
  const announcer = createAnnouncer(state.listeners);
  const binding = createDriverBinding(state.drivers, announcer);
  const access = createConfigAccess(state, announcer);

  const present = (device: Device | string): LiveDevice => {
    const name = typeof device === 'string' ? device : device.name;
    const found = index.find(name);
    if (found !== undefined && (typeof device === 'string' || found === device)) return found;
    throw new NoDeviceError({
      says: `${name} is not in the machine`,
      next: 'take a device that devices() lists',
      operands: { device },
    });
  };
  const functionOf = (device: Device | string): LiveFunction => {
    const found = present(device);
    return found.kind === 'function' ? found : found.parent;
  };
  /** Runs an operation; what listeners throw on the way comes out at its end, unless it fails itself. */
  const complete = <T>(operation: () => T): T => {
    let result: T;
    try {
      result = operation();
    } catch (error) {
      announcer.forget();
      throw error;
    }
    announcer.settle();
    return result;
  };

  /** All are announced before the first of them is offered to a driver. */
  const arrive = (fresh: readonly LiveDevice[]): void => {
    for (const device of fresh) announcer.tell('added', device);
    for (const device of fresh) if (device.driver === undefined) binding.offer(device);
  };

  const plug = (what: string | Slot, below?: SimulatedFunction | string): readonly SimulatedDevice[] => {
    const slot = typeof what === 'string' ? parseSlot(what) : what;
    const fresh = plugIn(
      state,
      slot,
      rootNamed(state, below) ?? { kind: 'below', bridge: functionOf(below as SimulatedFunction | string) },
    ).flatMap(withSoftware);
    index.add(fresh);
    structureChanged(state);
    arrive(fresh);
    return Object.freeze(fresh);
  };

  const unplug = (device: SimulatedDevice | string): void => {
    const found = present(device);
    const doomed = found.kind === 'software' ? [] : subtreeOf(state, found);
    const leaving = found.kind === 'software' ? [found] : doomed.flatMap((f) => withSoftware(f).reverse());
    for (const d of leaving) announcer.tell('removing', d);
    const failures: unknown[] = [];
    for (const d of leaving) {
      if (d.driver === undefined) continue;
      try {
        binding.unbind(d);
      } catch (error) {
        failures.push(error);
      }
    }
    if (found.kind === 'software') found.parent.software.splice(found.parent.software.indexOf(found), 1);
    else takeOut(state, found);
    index.remove(leaving);
    structureChanged(state);
    for (const d of leaving) announcer.tell('removed', d);
    if (failures.length > 0)
      throw new AggregateError(failures, `drivers of ${found.name} threw; it is gone all the same`);
  };

  function factsOf(f: SimulatedFunction): LooseFunction;
  function factsOf(device: Device): LooseFunction | undefined;
  function factsOf(device: Device): LooseFunction | undefined {
    const found = present(device);
    return found.kind === 'function' ? factsOfFunction(found) : undefined;
  }

  const setVirtualFunctions = (device: SimulatedFunction | string, count: number): readonly SimulatedDevice[] => {
    const physical = functionOf(device);
    if (count !== 0) {
      const fresh = switchOn(state, physical, count);
      index.add(fresh);
      structureChanged(state);
      announcer.tell('changed', physical);
      arrive(fresh);
      return Object.freeze(fresh);
    }
    const gone = [...virtualOf(state, physical)].reverse();
    for (const f of gone) unplug(f);
    switchOff(physical);
    structureChanged(state);
    if (gone.length > 0) announcer.tell('changed', physical);
    return Object.freeze([]);
  };

  return Object.freeze({
    label: state.source.label,
    devices,
    get functions() {
      return functions();
    },
    find: index.find,
    get generation() {
      return state.generation;
    },
    firmware: state.firmware,
    kernel: state.kernel,
    memory: state.memory,
    get diagnostics() {
      return Object.freeze([...state.diagnostics]);
    },
    factsOf,
    ...(state.rootBusOrderKnown
      ? { rootBuses: allRoots(state.roots).map(({ segment, bus }) => ({ segment, bus })) }
      : {}),
    facts,
    get files() {
      return files();
    },
    get tree() {
      return tree();
    },
    readConfig: (address: PciAddress, offset: number, size: 1 | 2 | 4) => {
      const found = index.find(formatAddress(address));
      return access.read(found?.kind === 'function' ? found : undefined, offset, size);
    },
    writeConfig: (f: SimulatedFunction, offset: number, bytes: Uint8Array) =>
      complete(() => access.write(functionOf(f), offset, bytes)),
    setBusMaster: (device: Device, on: boolean) => complete(() => access.setBusMaster(functionOf(device), on)),
    plug: (what: string | Slot, below?: SimulatedFunction | string) => complete(() => plug(what, below)),
    unplug: (device: SimulatedDevice | string) => complete(() => unplug(device)),
    setVirtualFunctions: (device: SimulatedFunction | string, count: number) =>
      complete(() => setVirtualFunctions(device, count)),
    get drivers() {
      return binding.drivers();
    },
    registerDriver: (driver: SimulatedDriver) => complete(() => binding.register(driver, devices())),
    unregisterDriver: (driver: SimulatedDriver) => complete(() => binding.unregister(driver, devices())),
    setGate: binding.setGate,
    bind: (device: SimulatedDevice, driver: SimulatedDriver) => complete(() => binding.bind(present(device), driver)),
    unbind: (device: SimulatedDevice) => complete(() => binding.unbind(present(device))),
    subscribe(listener: DeviceListener) {
      state.listeners.add(listener);
      return () => void state.listeners.delete(listener);
    },
  });
}

function treeOf(state: MachineState, files: readonly TreeEntry[]): MachineTree {
  return withMissingFiles(createMemoryTree(state.source.label, files, isComplete(state)).tree);
}

/** Of a capture without files not everything can be told: what is not there may just not be known. */
function isComplete({ files, roots }: MachineState): boolean {
  return files?.complete ?? roots.every((root) => root.functions.every((f) => f.captured === undefined));
}

/** The first root bus where none is named; undefined where it is no root bus of the hardware. */
function rootNamed(state: MachineState, below: SimulatedFunction | string | undefined): PlugPlace | undefined {
  const root = below === undefined ? state.roots[0] : state.roots.find((r) => busName(r) === below);
  return root === undefined ? undefined : { kind: 'root', root };
}

const withSoftware = (f: LiveFunction): LiveDevice[] => [f, ...f.software];

function structureChanged(state: MachineState): void {
  state.structure++;
  state.generation++;
  state.groupsAreCaptured = false;
}

/** Computed again when what it depends on has changed since. */
function remembered<T>(state: MachineState, counter: 'generation' | 'structure', compute: () => T): () => T {
  let at = -1;
  let value: T;
  return () => {
    if (at !== state[counter]) {
      value = compute();
      at = state[counter];
    }
    return value;
  };
}
