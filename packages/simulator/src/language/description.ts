/**
 * @module A machine as somebody wants it: what the language of machines says, as frozen data. Addresses, bus numbers and
 * registers are made from it later.
 */

export interface Description {
  readonly kind: 'description';
  readonly iommu: IommuDescription;
  readonly linux: LinuxDescription;
  /** False: a machine from before PCI Express, without extended configuration space. */
  readonly express: boolean;
  /** At least one; the first one is bus 0 of segment 0 where the text does not say otherwise. */
  readonly roots: readonly RootBusDescription[];
}

export interface IommuDescription {
  readonly kind: 'vtd' | 'amdvi' | 'none';
  /** False: the units do not offer it, and the kernel's log does not say that it is on. */
  readonly interruptRemapping: boolean;
  /** The firmware describes the units and the kernel leaves them off. */
  readonly off: boolean;
}

export interface LinuxDescription {
  /** `6.12`, or a whole release; the default is `DEFAULT_RELEASE`. */
  readonly release: string | undefined;
  /** Words of the kernel's command line, besides those that the IOMMU needs. */
  readonly words: readonly string[];
}

export interface RootBusDescription {
  readonly segment: number;
  readonly bus: number;
  readonly slots: readonly Slot[];
}

/** The functions of one device, by their function numbers: 0 first. */
export type Slot = readonly FunctionDescription[];

export interface FunctionDescription {
  /** A word of `KINDS`, or any that ends in `bus`: a controller of a bus that PCI knows nothing of. */
  readonly kind: string;
  /** Unique in the machine; a function without one is called after its kind. */
  readonly name: string | undefined;
  readonly options: FunctionOptions;
  /** The bus that it leads to, slot by slot; empty where it leads nowhere, or to an empty bus. */
  readonly below: readonly Slot[];
  /** Devices of the other bus that it controls. */
  readonly children: readonly string[];
}

export type PortWord =
  | 'endpoint'
  | 'legacy'
  | 'rciep'
  | 'collector'
  | 'root'
  | 'upstream'
  | 'downstream'
  | 'pcie-to-pci'
  | 'pci-to-pcie'
  | 'conventional';

/** What keeps a reset of the function from touching its neighbours; `bus`: nothing does. */
export type ResetWord = 'flr' | 'af' | 'pm' | 'bus';

/** An address range that a function asks for. 64-bit ranges are prefetchable, 32-bit ones are not. */
export interface BarDescription {
  /** Bytes, a power of two from 16 to 2^40. */
  readonly size: number;
  readonly bits: 32 | 64;
}

export interface FunctionOptions {
  readonly acs?: { readonly capability: number; readonly control: number };
  /** Capabilities: true present and switched on, false present and off; left out, not present. */
  readonly ats?: boolean;
  readonly pri?: boolean;
  readonly pasid?: boolean;
  readonly msi?: boolean;
  readonly msix?: boolean;
  readonly reset?: ResetWord;
  readonly id?: { readonly vendor: number; readonly device: number };
  readonly subsystem?: { readonly vendor: number; readonly device: number };
  /** 24 bits. */
  readonly classCode?: number;
  readonly revision?: number;
  readonly serial?: string;
  /** The driver that is bound when the machine starts; null: none. */
  readonly driver?: string | null;
  /** Device and function number, as in an address. */
  readonly at?: number;
  readonly type?: PortWord;
  /** The header's multifunction bit, where it is to differ from what the slot says. */
  readonly multifunction?: boolean;
  readonly ari?: boolean;
  readonly vfs?: VirtualFunctionsDescription;
  readonly bars?: readonly BarDescription[];
  /** Bus numbers that the firmware keeps free below the port, for what is plugged in later. */
  readonly spare?: number;
  /** Memory that the firmware shares with the device: an RMRR, or a unity map. */
  readonly rmrr?: boolean;
  /** On a root bus: the IOMMU unit (1 and up) that serves this function and what is below it; null: none does. */
  readonly unit?: number | null;
}

export interface VirtualFunctionsDescription {
  readonly enabled: number;
  readonly total: number;
  /** Requester id of the first one, less that of the physical function. */
  readonly offset: number;
  readonly stride: number;
  readonly acs?: { readonly capability: number; readonly control: number };
}
