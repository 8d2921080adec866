/**
 * @module Devices as the machine itself holds them: what others only read, it may change.
 */
import type { OtherDevice, PciFunction } from '@isogroups/pci';
import type { BusKind } from '../language/bus-kind.ts';
import type { FunctionDescription } from '../language/description.ts';
import type { SimulatedDriver } from './driver.ts';
import type { SimulatedFunction, SoftwareDevice } from './simulated-device.ts';

export type LiveDevice = LiveFunction | LiveSoftware;

export interface LiveFunction extends SimulatedFunction {
  readonly parent: LiveFunction | undefined;
  readonly physicalFunction: LiveFunction | undefined;
  readonly dmaFunction: LiveFunction | undefined;
  driver: SimulatedDriver | undefined;
  barSizes: readonly number[];
  /** The sort of bus that it leads to; undefined for a function that leads nowhere. */
  readonly leadsTo: BusKind | undefined;
  /** The functions on that bus, virtual ones with them. */
  readonly below: LiveFunction[];
  readonly software: LiveSoftware[];
  /** What it was built from; undefined for a captured one. */
  readonly description: FunctionDescription | undefined;
  /** What a capture says of it, with the registers as they were then. */
  readonly captured: CapturedFunction | undefined;
}

export interface CapturedFunction {
  readonly facts: PciFunction;
  /** A copy of what `config` was at first. */
  readonly registers: Uint8Array;
}

export interface LiveSoftware extends SoftwareDevice {
  readonly parent: LiveFunction;
  readonly captured: OtherDevice | undefined;
  driver: SimulatedDriver | undefined;
}
