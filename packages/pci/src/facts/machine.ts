/**
 * @module A machine as a source tells it. Frozen data: everything later is a function over it.
 */
import type { DmarTable } from '../acpi/dmar.ts';
import type { IortTable } from '../acpi/iort.ts';
import type { IvrsTable } from '../acpi/ivrs.ts';
import type { McfgTable } from '../acpi/mcfg.ts';
import type { ViotTable } from '../acpi/viot.ts';
import type { DeviceTree } from '../device-tree/device-tree.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Fact } from './fact.ts';
import type { PciFunction } from './pci-function.ts';

export interface MachineSource {
  readonly kind: 'live' | 'root' | 'snapshot' | 'lspci' | 'synthetic';
  /** What the user named: a path, `-`, or `this machine`. */
  readonly label: string;
}

/** The firmware's tables; `null` means that the machine is known to have none. */
export interface FirmwareFacts {
  readonly dmar: Fact<DmarTable | null>;
  readonly ivrs: Fact<IvrsTable | null>;
  readonly iort: Fact<IortTable | null>;
  readonly viot: Fact<ViotTable | null>;
  readonly mcfg: Fact<McfgTable | null>;
  readonly deviceTree: Fact<DeviceTree | null>;
}

/** A line of `reserved_regions`: first and last byte. */
export interface ReservedRegion {
  readonly start: bigint;
  readonly end: bigint;
  readonly type: string;
}

/** A group as the kernel made it. */
export interface KernelGroup {
  readonly id: number;
  /** Names as in `devices/`: PCI addresses and names of platform devices. */
  readonly members: readonly string[];
  /** `identity`, `DMA`, `DMA-FQ`, …; null where the kernel has no such file. */
  readonly type: Fact<string | null>;
  readonly reservedRegions: Fact<readonly ReservedRegion[]>;
}

export interface KernelFacts {
  /** `6.1.0-56-amd64`: as in /proc/sys/kernel/osrelease. */
  readonly release: Fact<string>;
  /** All of /proc/version: distributions put their patch level there ("Debian 6.1.192-2"). */
  readonly version: Fact<string>;
  readonly commandLine: Fact<string>;
  /** Lines of the kernel's log, oldest first. */
  readonly log: Fact<readonly string[]>;
  /** `x86_64`, `aarch64`, … */
  readonly architecture: Fact<string>;
  /** Empty: the kernel made none. Unknown: the source does not say. */
  readonly groups: Fact<readonly KernelGroup[]>;
  /** Names in /sys/class/iommu. */
  readonly iommuUnits: Fact<readonly string[]>;
}

/** A device that is not a PCI function but belongs to one, or to a kernel group. */
export interface OtherDevice {
  readonly name: string;
  readonly subsystem: string | undefined;
  /** Index of the PCI function that it is a child of, -1 for none. */
  readonly parent: number;
  readonly driver: Fact<string | null>;
  readonly group: Fact<number | null>;
}

/** A root bus (host bridge) in the order in which the kernel found them. */
export interface RootBus {
  readonly segment: number;
  readonly bus: number;
}

export interface Machine {
  readonly source: MachineSource;
  /**
   * In tree order: root bus by root bus; all functions of a bus by devfn; then, bridge by bridge, what is below. So
   * parents precede children and all that is below a bridge is one contiguous span.
   */
  readonly functions: readonly PciFunction[];
  readonly rootBuses: readonly RootBus[];
  /** Whether `rootBuses` is the kernel's own order (its log says it) or by number. */
  readonly rootBusOrderKnown: boolean;
  readonly others: readonly OtherDevice[];
  readonly firmware: FirmwareFacts;
  readonly kernel: KernelFacts;
  readonly diagnostics: readonly Diagnostic[];
}
