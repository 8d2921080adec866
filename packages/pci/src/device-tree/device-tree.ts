/**
 * @module The parts of a device tree that bear on isolation: PCI host bridges and their `iommu-map`.
 */

export interface DtIommuMap {
  readonly ridBase: number;
  /** The IOMMU's node, by path. */
  readonly iommu: string;
  readonly iommuBase: number;
  readonly length: number;
}

export interface DtHostBridge {
  /** Path of the node: `/pcie@10000000`. */
  readonly path: string;
  /** `linux,pci-domain`, where the node has it. */
  readonly segment: number | undefined;
  readonly busFirst: number;
  readonly busLast: number;
  /** Undefined: the node has no `iommu-map`, so nothing below it is translated. */
  readonly iommuMap: readonly DtIommuMap[] | undefined;
  /** `iommu-map-mask`, all ones without one. */
  readonly iommuMapMask: number;
  /** `msi-map` or `msi-parent` names the interrupt controller; compatible string of its node. */
  readonly msiController: string | undefined;
  readonly atsSupported: boolean;
}

export interface DeviceTree {
  readonly kind: 'device-tree';
  readonly hostBridges: readonly DtHostBridge[];
}
