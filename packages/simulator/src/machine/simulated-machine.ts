/**
 * @module A machine to try things on: devices with live registers, drivers, hot-plug, and the files that a Linux on it
 * would show.
 */
import type { Device, DeviceModel } from '@isogroups/core';
import type { Diagnostic, FirmwareFacts, KernelFacts, LooseFunction, Machine } from '@isogroups/pci';
import type { AddressRange } from '../devices/address-ranges.ts';
import type { SimulatedDevice, SimulatedFunction } from './simulated-device.ts';

export interface SimulatedMachine extends DeviceModel {
  /** Of the description, or of the capture. */
  readonly label: string;
  /** All devices, parents before children: PCI functions in tree order, then software devices. */
  devices(): readonly SimulatedDevice[];
  /** The functions that are present, in tree order. A new array after every plug and unplug. */
  readonly functions: readonly SimulatedFunction[];
  /** By name (`0000:01:00.0`) or by label (`nvme`). */
  find(name: string): SimulatedDevice | undefined;
  /** Counts up with every plug, unplug and write to configuration space: what was computed from registers before is old. */
  readonly generation: number;

  readonly firmware: FirmwareFacts;
  /** Without groups for a described machine: `facts()` has them. */
  readonly kernel: KernelFacts;
  /** RAM. */
  readonly memory: readonly AddressRange[];
  /** What could not be built, or of a capture could not be simulated. */
  readonly diagnostics: readonly Diagnostic[];
  /** One function's facts, decoded from its registers as they are now. */
  factsOf(f: SimulatedFunction): LooseFunction;
  /** All facts as they are now. */
  facts(): Machine;

  /**
   * Writes to configuration space as software would: read-only bits keep what they have (`writableBits`).
   * @throws NoDeviceError for a function that was unplugged, RangeError for an offset beyond its end.
   */
  writeConfig(f: SimulatedFunction, offset: number, bytes: Uint8Array): void;
  /** Bus Master Enable of the command register. Software devices have their parent's. */
  setBusMaster(device: Device, on: boolean): void;
}
