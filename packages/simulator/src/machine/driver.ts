/**
 * @module Drivers of a simulated machine.
 */
import type { Driver } from '@isogroups/core';
import type { SimulatedDevice } from './simulated-device.ts';

export interface SimulatedDriver extends Driver {
  readonly name: string;
  /** The bus whose devices it is for: `pci`. */
  readonly bus: string;
  /** Whether the driver is made for the device; the gate is asked apart from it. */
  match(device: SimulatedDevice): boolean;
  /** Takes the device; throws where it cannot. */
  probe?(device: SimulatedDevice): void;
  /** Gives it back. What it throws is reported, the device is unbound all the same. */
  remove?(device: SimulatedDevice): void;
}
