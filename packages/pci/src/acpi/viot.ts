/**
 * @module ACPI VIOT table: which endpoints a virtio-iommu translates.
 */

interface ViotPciRange {
  readonly kind: 'pci-range';
  readonly offset: number;
  readonly endpointStart: number;
  readonly segmentStart: number;
  readonly segmentEnd: number;
  readonly bdfStart: number;
  readonly bdfEnd: number;
  /** Offset of the IOMMU's node from the table's start. */
  readonly output: number;
}

interface ViotMmioEndpoint {
  readonly kind: 'mmio-endpoint';
  readonly offset: number;
  readonly endpoint: number;
  readonly base: bigint;
  readonly output: number;
}

interface ViotPciIommu {
  readonly kind: 'pci-iommu';
  readonly offset: number;
  readonly segment: number;
  readonly bdf: number;
}

interface ViotMmioIommu {
  readonly kind: 'mmio-iommu';
  readonly offset: number;
  readonly base: bigint;
}

export type ViotNode = ViotPciRange | ViotMmioEndpoint | ViotPciIommu | ViotMmioIommu;

export interface ViotTable {
  readonly kind: 'viot';
  /** In table order; later ranges win over earlier ones. */
  readonly nodes: readonly ViotNode[];
}
