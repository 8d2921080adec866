/**
 * @module Drivers find devices, as in the driver core of Linux: match, ask the gate, probe; and give them back.
 */
import {
  BusyError,
  type Device,
  type Driver,
  InvalidError,
  IoError,
  NoDeviceError,
  NotPermittedError,
} from '@isogroups/core';
import type { SimulatedDriver } from './driver.ts';
import type { Announcer } from './events.ts';
import type { LiveDevice } from './live-device.ts';

/** Whether a driver may have a device at all: a registry's `mayBind`. */
export type Gate = (device: Device, driver: Driver) => boolean;

export interface DriverBinding {
  drivers(): readonly SimulatedDriver[];
  setGate(gate: Gate | undefined): void;
  register(driver: SimulatedDriver, devices: Iterable<LiveDevice>): void;
  unregister(driver: SimulatedDriver, devices: Iterable<LiveDevice>): void;
  /** Offers a device to the drivers in the order of their registration. A probe that throws passes it on to the next. */
  offer(device: LiveDevice): void;
  bind(device: LiveDevice, driver: SimulatedDriver): void;
  unbind(device: LiveDevice): void;
}

export function createDriverBinding(registered: SimulatedDriver[], announcer: Announcer): DriverBinding {
  let gate: Gate = () => true;

  const attach = (device: LiveDevice, driver: SimulatedDriver): void => {
    driver.probe?.(device);
    device.driver = driver;
    announcer.tell('bound', device);
  };
  const suits = (device: LiveDevice, driver: SimulatedDriver): boolean =>
    driver.bus === device.bus && driver.match(device);

  const offer = (device: LiveDevice): void => {
    for (const driver of [...registered]) {
      if (device.driver !== undefined) return;
      if (!suits(device, driver) || !gate(device, driver)) continue;
      try {
        attach(device, driver);
      } catch {
        // As in Linux: a probe that fails leaves the device to the next driver that matches.
      }
    }
  };

  const unbind = (device: LiveDevice): void => {
    const { driver } = device;
    if (driver === undefined) {
      throw new NoDeviceError({
        says: `${device.name} has no driver`,
        next: 'bind one first',
        operands: { device },
      });
    }
    let failure: { readonly cause: unknown } | undefined;
    try {
      driver.remove?.(device);
    } catch (cause) {
      failure = { cause };
    }
    device.driver = undefined;
    announcer.tell('unbound', device);
    if (failure === undefined) return;
    throw new IoError({
      says: `driver "${driver.name}" threw when it was to give ${device.name} back`,
      next: 'the device is unbound all the same; mend the driver',
      operands: { device, driver },
      cause: failure.cause,
    });
  };

  return {
    drivers: () => Object.freeze([...registered]),
    setGate(next) {
      gate = next ?? (() => true);
    },
    register(driver, devices) {
      if (registered.some((other) => other.name === driver.name && other.bus === driver.bus)) {
        throw new BusyError({
          says: `bus ${driver.bus} has a driver "${driver.name}" already`,
          next: 'unregister that one first',
          operands: { driver },
        });
      }
      registered.push(driver);
      for (const device of devices) if (device.driver === undefined) offer(device);
    },
    unregister(driver, devices) {
      const at = registered.indexOf(driver);
      if (at === -1) {
        throw new NoDeviceError({
          says: `driver "${driver.name}" is not registered`,
          next: 'register it first',
          operands: { driver },
        });
      }
      registered.splice(at, 1);
      for (const device of devices) if (device.driver === driver) unbind(device);
    },
    offer,
    bind(device, driver) {
      if (device.driver !== undefined) {
        throw new BusyError({
          says: `${device.name} has the driver "${device.driver.name}"`,
          next: 'unbind it first',
          operands: { device, driver },
        });
      }
      if (!suits(device, driver)) {
        throw new InvalidError({
          says: `driver "${driver.name}" is not made for ${device.name}`,
          next: 'take one that matches it',
          operands: { device, driver },
        });
      }
      if (!gate(device, driver)) {
        throw new NotPermittedError({
          says: `"${driver.name}" may not have ${device.name}`,
          next: 'let the manager of its group allow the driver, or release the claim',
          operands: { device, driver },
        });
      }
      try {
        attach(device, driver);
      } catch (cause) {
        throw new IoError({
          says: `driver "${driver.name}" refused ${device.name}`,
          next: 'the device has no driver now; see the cause',
          operands: { device, driver },
          cause,
        });
      }
    },
    unbind,
  };
}
