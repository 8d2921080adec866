/**
 * @module What the PCI provider needs of a machine, simulated or captured.
 */
import type { Device } from '@isogroups/core';
import type { LooseFunction } from '../facts/assemble-machine.ts';
import type { FirmwareFacts, KernelFacts, RootBus } from '../facts/machine.ts';

export interface PciFacts {
  /** The facts of a device on bus `pci` as its registers say now; undefined: it is no PCI function. */
  factsOf(device: Device): LooseFunction | undefined;
  readonly firmware: FirmwareFacts;
  readonly kernel: KernelFacts;
  /** Host bridges in the order in which the kernel found them, where that is known: it orders the devices of a group. */
  readonly rootBuses?: readonly RootBus[];
}
