/**
 * @module ACPI IVRS table (AMD-Vi): which IOMMUs there are, and which requester ids each covers.
 */

/** One device entry of an IVHD, in table order. Ranges are already joined from their start and end entries. */
export type IvhdEntry =
  | { readonly kind: 'all'; readonly offset: number; readonly flags: number }
  | {
      readonly kind: 'range';
      readonly offset: number;
      readonly first: number;
      /** Inclusive; equals `first` for a single device. */
      readonly last: number;
      readonly flags: number;
      readonly extendedFlags: number;
      /** The id that the IOMMU sees instead of the device's own (types 0x42, 0x43). */
      readonly alias: number | undefined;
    }
  | {
      readonly kind: 'special';
      readonly offset: number;
      readonly variety: 'ioapic' | 'hpet' | 'other';
      readonly handle: number;
      readonly deviceId: number;
      readonly flags: number;
    }
  | {
      readonly kind: 'acpi';
      readonly offset: number;
      readonly deviceId: number;
      readonly hid: string;
      readonly cid: string;
      readonly uid: string | number | undefined;
      readonly flags: number;
    };

export interface Ivhd {
  readonly kind: 'ivhd';
  readonly offset: number;
  /** 0x10, 0x11 or 0x40. */
  readonly type: number;
  readonly flags: number;
  /** The IOMMU's own requester id. */
  readonly deviceId: number;
  readonly mmioBase: bigint;
  readonly segment: number;
  readonly entries: readonly IvhdEntry[];
}

export interface Ivmd {
  readonly kind: 'ivmd';
  readonly offset: number;
  /** Inclusive range of requester ids; 0..0xffff for all. */
  readonly first: number;
  readonly last: number;
  readonly segment: number;
  readonly unityMap: boolean;
  readonly exclusionRange: boolean;
  readonly start: bigint;
  readonly length: bigint;
}

export interface IvrsTable {
  readonly kind: 'ivrs';
  /** IVinfo. */
  readonly info: number;
  /** All blocks, of every type, in table order. */
  readonly ivhds: readonly Ivhd[];
  readonly ivmds: readonly Ivmd[];
  /** The type of the blocks that the kernel uses (the last type that names the first block's IOMMU). */
  readonly selectedType: number;
  /** False where the kernel would refuse the table (checksum); the diagnostics say why. */
  readonly usable: boolean;
}
