/**
 * @module ACPI DMAR table (Intel VT-d): which remapping units there are, and which devices each covers.
 */

/** One device scope entry (VT-d 8.3.1). */
export interface DeviceScope {
  /** 1 PCI endpoint, 2 PCI sub-hierarchy, 3 IOAPIC, 4 HPET, 5 ACPI namespace device. */
  readonly type: number;
  readonly enumerationId: number;
  readonly startBus: number;
  /** Device and function of each hop from the start bus. */
  readonly path: readonly { readonly device: number; readonly function: number }[];
  /** Offset in the table, for evidence. */
  readonly offset: number;
}

export interface Drhd {
  readonly kind: 'drhd';
  readonly offset: number;
  readonly includeAll: boolean;
  readonly segment: number;
  readonly registerBase: bigint;
  readonly scopes: readonly DeviceScope[];
}

export interface Rmrr {
  readonly kind: 'rmrr';
  readonly offset: number;
  readonly segment: number;
  readonly base: bigint;
  /** Last byte. */
  readonly limit: bigint;
  readonly scopes: readonly DeviceScope[];
}

export interface Atsr {
  readonly kind: 'atsr';
  readonly offset: number;
  readonly allPorts: boolean;
  readonly segment: number;
  readonly scopes: readonly DeviceScope[];
}

export interface Satc {
  readonly kind: 'satc';
  readonly offset: number;
  readonly atcRequired: boolean;
  readonly segment: number;
  readonly scopes: readonly DeviceScope[];
}

export interface Rhsa {
  readonly kind: 'rhsa';
  readonly offset: number;
  readonly registerBase: bigint;
  readonly proximityDomain: number;
}

export interface Andd {
  readonly kind: 'andd';
  readonly offset: number;
  readonly deviceNumber: number;
  readonly objectPath: string;
}

export interface DmarTable {
  readonly kind: 'dmar';
  /** Bits of host physical addresses. */
  readonly addressWidth: number;
  readonly interruptRemapping: boolean;
  readonly x2apicOptOut: boolean;
  readonly platformOptIn: boolean;
  readonly drhds: readonly Drhd[];
  readonly rmrrs: readonly Rmrr[];
  readonly atsrs: readonly Atsr[];
  readonly satcs: readonly Satc[];
  readonly rhsas: readonly Rhsa[];
  readonly andds: readonly Andd[];
  /** False where the kernel would refuse the table and use no VT-d at all; the diagnostics say why. */
  readonly usable: boolean;
}
