/**
 * @module Which IOMMU unit translates the DMA of which function, as the kernel decides it.
 */
import type { Unknown } from '../../facts/fact.ts';

export interface IommuUnit {
  /** `unknown`: the source has no firmware tables, only groups. */
  readonly kind: 'vt-d' | 'amd-vi' | 'smmu' | 'virtio-iommu' | 'unknown';
  /** Our name, stable over boots: `vtd0` is the first DRHD of the table. */
  readonly name: string;
  /** The kernel's name in /sys/class/iommu, where it follows from the table (`dmar0`, `ivhd0`). */
  readonly kernelName: string | undefined;
  /** The table that declares it, and where in it. */
  readonly table: string;
  readonly offset: number;
}

/** Why no unit at all is at work. */
export type NoIommu =
  | { readonly kind: 'no-table'; readonly says: string }
  | { readonly kind: 'switched-off'; readonly says: string }
  | { readonly kind: 'not-registered'; readonly says: string }
  | { readonly kind: 'unusable-table'; readonly says: string };

export interface Coverage {
  /** In the order in which they register with the IOMMU core: each registration is one pass over all devices. */
  readonly units: readonly IommuUnit[];
  /** Set when `units` is empty. */
  readonly none: NoIommu | undefined;
  /** Set when the source does not tell which devices are covered. */
  readonly undecided: Unknown | undefined;
  /** Index of the unit of function `i`; -1 for none. */
  unitOf(i: number): number;
  /** One sentence with the table entry that says so. */
  because(i: number): string;
  /**
   * `pass`: all devices when the unit registers. `driver`: each device when a driver is bound to it (device tree, IORT
   * and VIOT up to 6.14).
   */
  readonly probes: 'pass' | 'driver';
  /** Probing one device can bring others under a unit (AMD-Vi); otherwise `unitOf` never changes. */
  readonly grows: boolean;
  /**
   * Called when function `i` is probed, before its group is decided. False: the driver refuses the device. Probing has
   * side effects that decide about later devices, so this is not a pure question.
   */
  probe(i: number): boolean;
  /** The id under which the IOMMU sees function `i`, where its tables can map several onto one: alias, stream id. */
  seenAs?(i: number): string | undefined;
}

export function noCoverage(none: NoIommu): Coverage {
  return {
    units: [],
    none,
    undecided: undefined,
    unitOf: () => -1,
    because: () => none.says,
    probes: 'pass',
    grows: false,
    probe: () => true,
  };
}
