/**
 * @module The machine as others see it, over its state.
 */
import { type Device, type DeviceListener, NoDeviceError } from '@isogroups/core';
import { createMemoryTree, type MachineTree, type TreeEntry, withMissingFiles } from '@isogroups/inventory/parsers';
import { formatAddress, type PciAddress } from '@isogroups/pci';
import type { Slot } from '../language/description.ts';
import { parseSlot } from '../language/parse-description.ts';
import { machineFiles } from '../sysfs/machine-files.ts';
import { createConfigAccess } from './config-access.ts';
import type { SimulatedDriver } from './driver.ts';
import { createDriverBinding } from './driver-binding.ts';
import { createAnnouncer } from './events.ts';
import { factsOfFunction } from './function-facts.ts';
import { plugIn, subtreeOf, takeOut } from './hot-plug.ts';
import type { LiveDevice, LiveFunction } from './live-device.ts';
import { machineFacts } from './machine-facts.ts';
import type { MachineState } from './machine-state.ts';
import type { SimulatedDevice, SimulatedFunction } from './simulated-device.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import { type LiveRoot, treeOrder } from './tree-order.ts';

export function createMachine(state: MachineState): SimulatedMachine {
  const functions = remembered(state, () => Object.freeze(treeOrder(state.roots)));
  const devices = remembered(state, () => Object.freeze(functions().flatMap((f) => [f, ...f.software])));
  const byName = remembered(state, () => {
    const found = new Map<string, LiveDevice>(devices().map((d) => [d.label, d]));
    for (const d of devices()) found.set(d.name, d);
    return found;
  });
  const facts = remembered(state, () => machineFacts(state));
  const files = remembered(state, () => machineFiles(state, facts()));
  const tree = remembered(state, () => treeOf(state, files()));
  const announcer = createAnnouncer(state.listeners);
  const binding = createDriverBinding(state.drivers, announcer);
  const access = createConfigAccess(state, announcer);

  const present = (device: Device | string): LiveDevice => {
    const found = byName().get(typeof device === 'string' ? device : device.name);
    if (found !== undefined && (typeof device === 'string' || found === device)) return found;
    const name = typeof device === 'string' ? device : device.name;
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

  const plug = (what: string | Slot, below?: SimulatedFunction | string): readonly SimulatedDevice[] => {
    const slot = typeof what === 'string' ? parseSlot(what) : what;
    const before = new Set(functions());
    plugIn(
      state,
      slot,
      below === undefined
        ? { kind: 'root', root: state.roots[0] as LiveRoot }
        : { kind: 'below', bridge: functionOf(below) },
    );
    state.generation++;
    state.groupsAreCaptured = false;
    const fresh = functions()
      .filter((f) => !before.has(f))
      .flatMap((f) => [f, ...f.software]);
    for (const device of fresh) announcer.tell('added', device);
    for (const device of fresh) if (device.driver === undefined) binding.offer(device);
    return Object.freeze(fresh);
  };

  const unplug = (device: SimulatedDevice | string): void => {
    const found = present(device);
    const doomed = found.kind === 'software' ? [] : subtreeOf(state, found);
    const leaving = found.kind === 'software' ? [found] : doomed.flatMap((f): LiveDevice[] => [...f.software, f]);
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
    takeOut(state, doomed);
    state.generation++;
    state.groupsAreCaptured = false;
    for (const d of leaving) announcer.tell('removed', d);
    if (failures.length > 0)
      throw new AggregateError(failures, `drivers of ${found.name} threw; it is gone all the same`);
  };

  return Object.freeze({
    label: state.source.label,
    devices,
    get functions() {
      return functions();
    },
    find: (name: string) => byName().get(name),
    get generation() {
      return state.generation;
    },
    firmware: state.firmware,
    kernel: state.kernel,
    memory: state.memory,
    get diagnostics() {
      return Object.freeze([...state.diagnostics]);
    },
    factsOf: (f: SimulatedFunction) => factsOfFunction(functionOf(f)),
    facts,
    get files() {
      return files();
    },
    get tree() {
      return tree();
    },
    readConfig: (address: PciAddress, offset: number, size: 1 | 2 | 4) => {
      const found = byName().get(formatAddress(address));
      return access.read(found?.kind === 'function' ? found : undefined, offset, size);
    },
    writeConfig: (f: SimulatedFunction, offset: number, bytes: Uint8Array) =>
      complete(() => access.write(functionOf(f), offset, bytes)),
    setBusMaster: (device: Device, on: boolean) => complete(() => access.setBusMaster(functionOf(device), on)),
    plug: (what: string | Slot, below?: SimulatedFunction | string) => complete(() => plug(what, below)),
    unplug: (device: SimulatedDevice | string) => complete(() => unplug(device)),
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

/** Computed again when the machine has changed since. */
function remembered<T>(state: MachineState, compute: () => T): () => T {
  let at = -1;
  let value: T;
  return () => {
    if (at !== state.generation) {
      value = compute();
      at = state.generation;
    }
    return value;
  };
}
