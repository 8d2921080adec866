/**
 * @module The machine as others see it, over its state.
 */
import type { Device, DeviceListener } from '@isogroups/core';
import { NoDeviceError } from '@isogroups/core';
import type { Machine } from '@isogroups/pci';
import { COMMAND, COMMAND_BUS_MASTER } from '../devices/registers.ts';
import { writableBits } from '../devices/writable-bits.ts';
import { factsOfFunction } from './function-facts.ts';
import type { LiveDevice, LiveFunction } from './live-device.ts';
import { machineFacts } from './machine-facts.ts';
import type { MachineState } from './machine-state.ts';
import type { SimulatedDevice, SimulatedFunction } from './simulated-device.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import { treeOrder } from './tree-order.ts';

export function createMachine(state: MachineState): SimulatedMachine {
  const cached = <T>(compute: () => T): (() => T) => {
    let at = -1;
    let value: T;
    return () => {
      if (at !== state.generation) {
        value = compute();
        at = state.generation;
      }
      return value;
    };
  };
  const functions = cached(() => Object.freeze(treeOrder(state.roots)));
  const devices = cached((): readonly LiveDevice[] =>
    Object.freeze([...functions(), ...functions().flatMap((f) => f.software)]),
  );
  const byName = cached(() => {
    const found = new Map<string, LiveDevice>(devices().map((d) => [d.label, d]));
    for (const d of devices()) found.set(d.name, d);
    return found;
  });
  const facts = cached((): Machine => machineFacts(state));

  const present = (device: Device): LiveDevice => {
    const found = byName().get(device.name);
    if (found !== device) {
      throw new NoDeviceError({
        says: `${device.name} is not in the machine`,
        next: 'take a device that devices() lists',
        operands: { device },
      });
    }
    return found;
  };
  const functionOf = (device: Device): LiveFunction => {
    const found = present(device);
    return found.kind === 'function' ? found : found.parent;
  };
  const writeConfig = (f: SimulatedFunction, offset: number, bytes: Uint8Array): void => {
    const { config } = functionOf(f);
    if (!Number.isInteger(offset) || offset < 0 || offset + bytes.length > config.length) {
      throw new RangeError(`${f.name} has ${config.length} bytes of configuration space, not ${offset + bytes.length}`);
    }
    const mask = writableBits(functionOf(f));
    bytes.forEach((byte, i) => {
      const at = offset + i;
      const writable = mask[at] as number;
      config[at] = ((config[at] as number) & ~writable) | (byte & writable);
    });
    state.generation++;
    for (const listener of [...state.listeners]) listener.changed(f);
  };
  return Object.freeze({
    label: state.source.label,
    devices: (): readonly SimulatedDevice[] => devices(),
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
      return state.diagnostics;
    },
    factsOf: (f: SimulatedFunction) => factsOfFunction(functionOf(f)),
    facts,
    writeConfig,
    setBusMaster(device: Device, on: boolean) {
      const f = functionOf(device);
      const low = f.config[COMMAND] as number;
      writeConfig(f, COMMAND, Uint8Array.of(on ? low | COMMAND_BUS_MASTER : low & ~COMMAND_BUS_MASTER));
    },
    subscribe(listener: DeviceListener) {
      state.listeners.add(listener);
      return () => void state.listeners.delete(listener);
    },
  });
}
