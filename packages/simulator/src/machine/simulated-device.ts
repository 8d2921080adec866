/**
 * @module What is in a simulated machine: PCI functions with live registers, and software devices that are their children.
 */
import type { Device, Driver } from '@isogroups/core';
import type { PciAddress } from '@isogroups/pci';

/** A device of the machine. Its identity is the object, from plug to unplug. */
export type SimulatedDevice = SimulatedFunction | SoftwareDevice;

export interface SimulatedFunction extends Device {
  readonly kind: 'function';
  /** The address: `0000:01:00.0`. */
  readonly name: string;
  readonly bus: 'pci';
  /** What the description calls it (`nvme`), or the address again. */
  readonly label: string;
  /** The bridge on whose secondary bus it sits; undefined on a root bus. A virtual function has that of its physical one. */
  readonly parent: SimulatedFunction | undefined;
  readonly address: PciAddress;
  /**
   * Live configuration space, 256 or 4096 bytes (or as many as a capture has). The registers are the truth: who forwards
   * what where is to be read here. Write through the machine, which knows what is read-only.
   */
  readonly config: Uint8Array;
  /** Of a virtual function. */
  readonly physicalFunction: SimulatedFunction | undefined;
  /** Of a function in the domain of an Intel VMD: the VMD, whose requester id the IOMMU sees. */
  readonly dmaFunction: SimulatedFunction | undefined;
  /** Bytes of the range that starts at each of the six base address registers; 0: none starts there. */
  readonly barSizes: readonly number[];
  /** The same of a physical function's virtual functions, for each of them. */
  readonly virtualBarSizes: readonly number[];
  readonly driver: Driver | undefined;
}

/** A device of a bus that PCI knows nothing of. What DMA it does its parent does for it. */
export interface SoftwareDevice extends Device {
  readonly kind: 'software';
  readonly label: string;
  readonly parent: SimulatedFunction;
  readonly driver: Driver | undefined;
}
