/**
 * @module The drivers that a Linux has for the kinds of functions, and those that a description names.
 */
import { known } from '@isogroups/pci';
import { KINDS, kindOf } from '../language/kinds.ts';
import type { SimulatedDriver } from './driver.ts';
import type { LiveFunction } from './live-device.ts';
import type { SimulatedDevice } from './simulated-device.ts';

/** The driver that a device is described or captured with; undefined for none. */
export function wantedDriver(device: SimulatedDevice): string | undefined {
  const { description, captured } = device as Partial<LiveFunction>;
  if (description !== undefined) {
    const { driver } = description.options;
    return (driver === undefined ? kindOf(description.kind)?.driver : driver) ?? undefined;
  }
  return known(captured?.facts.host.driver ?? null) ?? undefined;
}

/** It matches what is described to have it. */
export function stockDriver(name: string): SimulatedDriver {
  return Object.freeze({ name, bus: 'pci', match: (device: SimulatedDevice) => wantedDriver(device) === name });
}

/** Those that a Linux has anyway. */
export function stockDrivers(): readonly SimulatedDriver[] {
  return [...new Set(KINDS.flatMap(({ driver }) => driver ?? []))].map(stockDriver);
}
