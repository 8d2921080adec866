/**
 * @module A machine to try things on: devices with live registers, drivers, hot-plug, and the files that a Linux on it
 * would show.
 */
import type { Device, DeviceModel } from '@isogroups/core';
import type { MachineTree, TreeEntry } from '@isogroups/inventory/parsers';
import type {
  Diagnostic,
  FirmwareFacts,
  KernelFacts,
  LooseFunction,
  Machine,
  PciAddress,
  RootBus,
} from '@isogroups/pci';
import type { AddressRange } from '../devices/address-ranges.ts';
import type { Slot } from '../language/description.ts';
import type { SimulatedDriver } from './driver.ts';
import type { Gate } from './driver-binding.ts';
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

  /** Of the hardware and of VMDs, in the order in which the kernel found them; left out where a capture does not tell it. */
  readonly rootBuses?: readonly RootBus[];
  readonly firmware: FirmwareFacts;
  /** The groups of a described machine are unknown here: `facts()` works them out. */
  readonly kernel: KernelFacts;
  /** RAM. */
  readonly memory: readonly AddressRange[];
  /** What could not be built, or of a capture could not be simulated. */
  readonly diagnostics: readonly Diagnostic[];
  /** One function's facts, decoded from its registers as they are now. */
  factsOf(f: SimulatedFunction): LooseFunction;
  /** Undefined for a software device. @throws NoDeviceError */
  factsOf(device: Device): LooseFunction | undefined;
  /** All facts as they are now. */
  facts(): Machine;
  /**
   * The files that a Linux on it would show, as they are now: `readMachine(machine.tree, …)` reads them like those of any
   * machine, and `packSnapshot(machine.files)` makes a snapshot of them. Groups are those of the capture until something is
   * plugged in or out; else they are what the replay of the kernel's rules makes of the machine, as if it were started now.
   */
  readonly tree: MachineTree;
  readonly files: readonly TreeEntry[];

  /**
   * Little-endian register of 1, 2 or 4 bytes; all ones where no function answers, or where it has no such byte.
   */
  readConfig(address: PciAddress, offset: number, size: 1 | 2 | 4): number;
  /**
   * Writes to configuration space as software would: read-only bits keep what they have (`writableBits`). Listeners hear
   * `changed` where the function's facts are other ones afterwards.
   *
   * @throws NoDeviceError for a function that was unplugged, OutOfRangeError for bytes beyond its end.
   */
  writeConfig(f: SimulatedFunction, offset: number, bytes: Uint8Array): void;
  /** Bus Master Enable of the command register. A software device has its parent's. @throws NoDeviceError */
  setBusMaster(device: Device, on: boolean): void;

  /**
   * Puts a device on a bus: its functions are added, parents first, and then offered to the drivers. `what` is said as in a
   * description: `nvme`, `{gpu, audio}`, `switch(2*dsp -> nvme)`. Below a port or bridge (by object, name or label), on a
   * root bus (`0000:40`), or without either on the first root bus. Returns all that came with it.
   *
   * @throws DescriptionError for what cannot be there, NoDeviceError and InvalidError for a place that is none, BusyError for
   * a link that has its device, OutOfRangeError where no bus numbers are left. Nothing has changed then.
   */
  plug(what: string | Slot, below?: SimulatedFunction | string): readonly SimulatedDevice[];
  /**
   * Takes a device out, with its virtual functions and all below it: all are announced, children first, then their drivers
   * give them back, then they are gone.
   *
   * @throws NoDeviceError
   */
  unplug(device: SimulatedDevice | string): void;
  /**
   * `sriov_numvfs`: switches virtual functions on, or with 0 off. Listeners hear that the physical function changed, and of
   * each that comes or goes. Returns those that came.
   *
   * @throws InvalidError for a function without SR-IOV, BusyError where some are on or their addresses are taken,
   * OutOfRangeError where it has not so many, or bus numbers do not suffice.
   */
  setVirtualFunctions(physical: SimulatedFunction | string, count: number): readonly SimulatedDevice[];

  /** In the order in which they are asked. */
  readonly drivers: readonly SimulatedDriver[];
  /** Offers it all devices without a driver. @throws BusyError for a second one of its name. */
  registerDriver(driver: SimulatedDriver): void;
  /** Unbinds it everywhere. @throws NoDeviceError for one that is not registered. */
  unregisterDriver(driver: SimulatedDriver): void;
  /** Who may have what: a registry's `mayBind`. Without one, every driver may have what it matches. */
  setGate(mayBind: Gate | undefined): void;
  /**
   * @throws BusyError where it has a driver, InvalidError where the driver does not match, NotPermittedError where the gate
   * says no, IoError with the cause where the probe throws. The device has no driver then.
   */
  bind(device: SimulatedDevice, driver: SimulatedDriver): void;
  /** @throws NoDeviceError where it has none, IoError where `remove` throws; it is unbound all the same. */
  unbind(device: SimulatedDevice): void;
}
