/**
 * @module All that changes in a simulated machine.
 */
import type { DeviceListener } from '@isogroups/core';
import type { MachineTree } from '@isogroups/inventory/parsers';
import type { Diagnostic, FirmwareFacts, KernelFacts, MachineSource, OtherDevice } from '@isogroups/pci';
import type { AddressRange } from '../devices/address-ranges.ts';
import type { IommuDescription } from '../language/description.ts';
import type { Labels } from './build-functions.ts';
import type { SimulatedDriver } from './driver.ts';
import type { FirmwareTables } from './firmware-tables.ts';
import type { LiveRoot } from './tree-order.ts';

export interface MachineState {
  readonly source: MachineSource;
  readonly roots: readonly LiveRoot[];
  readonly rootBusOrderKnown: boolean;
  /** From before PCI Express: without extended configuration space. */
  readonly express: boolean;
  readonly iommu: IommuDescription['kind'];
  readonly firmware: FirmwareFacts;
  readonly tables: FirmwareTables;
  readonly kernel: KernelFacts;
  /** RAM. */
  readonly memory: readonly AddressRange[];
  readonly labels: Labels;
  readonly diagnostics: Diagnostic[];
  /** Of a capture: what is no PCI function, with the address of the function that it is a child of. */
  readonly others: readonly CapturedOther[];
  /** Of a capture: the files that it was read from. */
  readonly files: MachineTree | undefined;
  /** Whether the groups of `kernel` are those of the functions as they are now. */
  groupsAreCaptured: boolean;
  nextDomain: number;
  /** Counts everything that changes. */
  generation: number;
  /** Counts what comes and goes. */
  structure: number;
  /** Those that are registered; they are asked in this order. */
  readonly drivers: SimulatedDriver[];
  readonly listeners: Set<DeviceListener>;
}

export type CapturedOther = Omit<OtherDevice, 'parent'> & { readonly parentAddress: string | null };
