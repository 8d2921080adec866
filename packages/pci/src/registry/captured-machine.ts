/**
 * @module A captured machine as the registry wants it: devices that can be plugged and unplugged, and drivers bound, in data.
 */
import {
  type Device,
  type DeviceListener,
  type DeviceModel,
  type Driver,
  ExistsError,
  InvalidError,
  NoDeviceError,
} from '@isogroups/core';
import { formatAddress } from '../facts/address.ts';
import { assembleMachine, type LooseFunction } from '../facts/assemble-machine.ts';
import { type Fact, isUnknown } from '../facts/fact.ts';
import type { Machine, OtherDevice } from '../facts/machine.ts';
import { loosen } from './loosen.ts';
import type { PciFacts } from './pci-facts.ts';

export interface CapturedDevice extends Device {
  /** The PCI function; undefined for a device of another bus. */
  readonly facts: LooseFunction | undefined;
}

export interface CapturedMachine extends DeviceModel, PciFacts {
  /** By name: `0000:01:00.0`, or that of a device of another bus. */
  find(name: string): CapturedDevice | undefined;
  /**
   * Puts a function in, or back in. @returns the new device; another object than before it was unplugged
   * @throws ExistsError there is something at its address; NoDeviceError the bridge above is not there
   */
  plug(facts: LooseFunction): CapturedDevice;
  /**
   * Takes a device out, and first what sits on it, its virtual functions, and what sends through it. @returns the facts of the
   * functions, parents first: `plug` puts them back.
   * @throws NoDeviceError it is not there
   */
  unplug(device: Device): readonly LooseFunction[];
  /** Registers say something else now. @throws NoDeviceError it is not there; InvalidError facts of another address */
  change(device: Device, facts: LooseFunction): void;
  /** The driver that is bound from now on. @throws NoDeviceError it is not there */
  bind(device: Device, driver: Driver | undefined): void;
  /** The machine as it is now. */
  facts(): Machine;
}

interface Slot extends CapturedDevice {
  facts: LooseFunction | undefined;
  driver: Driver | undefined;
  readonly other: OtherDevice | undefined;
}

/** What runs a device of which the capture does not say whether it has a driver: not known is not none. */
const UNKNOWN_DRIVER: Driver = Object.freeze({ name: '(unknown)' });

export function createCapturedMachine(machine: Machine): CapturedMachine {
  const present = new Map<string, Slot>();
  const listeners = new Set<{ readonly hear: DeviceListener }>();
  const drivers = new Map<string, Driver>();

  const tell = (what: keyof DeviceListener, device: Device): void => {
    for (const { hear } of [...listeners]) hear[what](device);
  };
  const driverOf = (name: Fact<string | null>): Driver | undefined => {
    if (isUnknown(name)) return UNKNOWN_DRIVER;
    if (name === null) return undefined;
    const driver = drivers.get(name) ?? Object.freeze({ name });
    drivers.set(name, driver);
    return driver;
  };
  const slotOf = (device: Device): Slot => {
    const slot = present.get(keyOf(device));
    if (slot !== undefined && slot === device) return slot;
    throw new NoDeviceError({
      says: `${device.name} on bus ${device.bus} is not there`,
      next: 'name a device that is plugged',
      operands: { device },
    });
  };
  const insert = (facts: LooseFunction): Slot => {
    const name = formatAddress(facts);
    const parent = facts.parentAddress === null ? undefined : present.get(`pci ${facts.parentAddress}`);
    if (present.has(`pci ${name}`)) {
      throw new ExistsError({ says: `there is something at ${name}`, next: 'unplug it first', operands: { facts } });
    }
    if (parent === undefined && facts.parentAddress !== null) {
      throw new NoDeviceError({
        says: `${name} sits on ${facts.parentAddress}, which is not there`,
        next: 'plug the bridge first',
        operands: { facts },
      });
    }
    const slot: Slot = { name, bus: 'pci', parent, driver: driverOf(facts.host.driver), facts, other: undefined };
    present.set(keyOf(slot), slot);
    return slot;
  };
  /** What goes when a device goes: children first. */
  const goingWith = (slot: Slot): readonly Slot[] => {
    const going = new Set<Slot>([slot]);
    const names = new Set([slot.name]);
    for (let before = 0; before < going.size; ) {
      before = going.size;
      for (const s of present.values()) {
        if (going.has(s) || !dependsOn(s, going, names)) continue;
        going.add(s);
        names.add(s.name);
      }
    }
    return [...present.values()].filter((s) => going.has(s)).reverse();
  };

  const functions = loosen(machine);
  for (const f of functions) insert(f);
  for (const other of machine.others) {
    const above = other.parent < 0 ? undefined : functions[other.parent];
    const parent = above === undefined ? undefined : present.get(`pci ${formatAddress(above)}`);
    const bus = other.subsystem ?? 'unknown';
    const slot: Slot = { name: other.name, bus, parent, driver: driverOf(other.driver), facts: undefined, other };
    present.set(keyOf(slot), slot);
  }

  return {
    firmware: machine.firmware,
    kernel: machine.kernel,
    ...(machine.rootBusOrderKnown ? { rootBuses: machine.rootBuses } : {}),
    devices: () => [...present.values()],
    subscribe(hear) {
      const listener = { hear };
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    factsOf: (device) => (device as Partial<Slot>).facts,
    find: (name) => present.get(`pci ${name}`) ?? [...present.values()].find((slot) => slot.name === name),
    plug(facts) {
      const slot = insert(facts);
      slot.driver = undefined;
      tell('added', slot);
      return slot;
    },
    unplug(device) {
      const going = goingWith(slotOf(device));
      for (const slot of going) {
        tell('removing', slot);
        present.delete(keyOf(slot));
        tell('removed', slot);
      }
      return going.flatMap((slot) => slot.facts ?? []).reverse();
    },
    change(device, facts) {
      const slot = slotOf(device);
      if (slot.facts === undefined || formatAddress(facts) !== slot.name) {
        throw new InvalidError({
          says: `facts of ${formatAddress(facts)} for ${slot.name}`,
          next: 'unplug the one and plug the other',
          operands: { device, facts },
        });
      }
      slot.facts = facts;
      tell('changed', slot);
    },
    bind(device, driver) {
      const slot = slotOf(device);
      slot.driver = driver;
      tell(driver === undefined ? 'unbound' : 'bound', slot);
    },
    facts: () =>
      assembleMachine({
        source: machine.source,
        functions: [...present.values()].flatMap((slot) => slot.facts ?? []),
        rootBuses: machine.rootBusOrderKnown ? machine.rootBuses : undefined,
        others: [...present.values()].flatMap((slot) => {
          if (slot.other === undefined) return [];
          const { parent: _, ...other } = slot.other;
          return [{ ...other, parentAddress: slot.parent?.name ?? null }];
        }),
        firmware: machine.firmware,
        kernel: machine.kernel,
        diagnostics: machine.diagnostics,
      }),
  };
}

const keyOf = ({ bus, name }: Device): string => `${bus} ${name}`;

function dependsOn({ parent, facts }: Slot, going: ReadonlySet<Device>, names: ReadonlySet<string | null>): boolean {
  if (parent !== undefined && going.has(parent)) return true;
  return facts !== undefined && (names.has(facts.physicalFunctionAddress) || names.has(facts.dmaDeviceAddress));
}
