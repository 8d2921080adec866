/**
 * @module One PCI function as a source tells it: decoded, but not yet interpreted.
 */
import type { PciAddress } from './address.ts';
import type { Fact } from './fact.ts';

/** A capability of which only place and enable bit matter here. */
export interface SwitchableCapability {
  readonly offset: number;
  readonly enabled: Fact<boolean>;
}

/** PCI Express capability (id 0x10). */
export interface ExpressCapability {
  readonly offset: number;
  /** Device/port type as the register says it (PCIe 6.0, 7.5.3.2); see `portType` for the corrected one. */
  readonly type: number;
  /** Function Level Reset capability (Device Capabilities bit 28). */
  readonly flr: Fact<boolean>;
  /** ARI Forwarding Enable (Device Control 2 bit 5), of a downstream or root port. */
  readonly ariForwarding: Fact<boolean>;
}

/**
 * Access Control Services (extended capability 0x0d). Words as at +4 and +6.
 * Intel's Sunrise Point root ports have dwords at +4 and +8 instead: `capabilityDword` and `controlDword` hold what
 * stands there, whatever the device.
 */
export interface AcsCapability {
  readonly offset: number;
  readonly capability: Fact<number>;
  readonly control: Fact<number>;
  readonly capabilityDword: Fact<number>;
  readonly controlDword: Fact<number>;
}

/** Single Root I/O Virtualization (extended capability 0x10). */
export interface SriovCapability {
  readonly offset: number;
  readonly enabled: Fact<boolean>;
  readonly totalVfs: Fact<number>;
  readonly numVfs: Fact<number>;
  readonly firstVfOffset: Fact<number>;
  readonly vfStride: Fact<number>;
  readonly vfDeviceId: Fact<number>;
}

/** Bus numbers of a bridge (type 1 or 2 header, bytes 0x18..0x1a). */
export interface BridgeNumbers {
  readonly primary: number;
  readonly secondary: number;
  readonly subordinate: number;
}

/** What the running host says of the function, apart from its hardware. */
export interface HostFacts {
  /** sysfs path below the machine's root: `sys/devices/pci0000:00/0000:00:1c.0`; undefined for a text. */
  readonly path: string | undefined;
  readonly driver: Fact<string | null>;
  readonly driverOverride: Fact<string | null>;
  /** Number of the kernel's group. */
  readonly group: Fact<number | null>;
  /** Name of the IOMMU instance (`dmar0`, `ivhd0`, `smmu3.0x…`) that the `iommu` link names. */
  readonly iommu: Fact<string | null>;
  readonly numaNode: Fact<number | null>;
  /** `reset_method`, in the kernel's order: `flr`, `af_flr`, `pm`, `bus`, … */
  readonly resetMethods: Fact<readonly string[] | null>;
  readonly bootVga: Fact<boolean | null>;
  /** The name of the device as the source prints it, where it prints names (lspci without `-n`). */
  readonly description: string | undefined;
}

/** Configuration space as read: `bytes.length` says how far (64 without root, 256 or 4096). */
export interface ConfigSpace {
  readonly bytes: Uint8Array;
  /** Where it was read from, for evidence: `sys/bus/pci/devices/0000:00:1c.0/config`. */
  readonly file: string;
}

export interface PciFunction extends PciAddress {
  /** Index of the bridge on whose secondary bus this function sits; -1 on a root bus. For a VF: the bridge above its PF. */
  readonly parent: number;
  /** Index of the physical function of a VF; -1 for others. */
  readonly physicalFunction: number;
  /** Index of the function whose requester id this one's DMA carries (children of Intel VMD); -1 for its own. */
  readonly dmaDevice: number;

  readonly vendor: Fact<number>;
  readonly device: Fact<number>;
  readonly subsystemVendor: Fact<number>;
  readonly subsystemDevice: Fact<number>;
  readonly revision: Fact<number>;
  /** 24 bits: base class, sub class, programming interface. */
  readonly classCode: Fact<number>;
  /** Header layout, bits 6:0 of byte 0x0e: 0 endpoint, 1 bridge, 2 CardBus. */
  readonly headerType: Fact<number>;
  /** Bit 7 of byte 0x0e as read; the kernel corrects it, see `isMultifunction`. */
  readonly multifunctionBit: Fact<boolean>;
  readonly bridge: Fact<BridgeNumbers | null>;

  readonly express: Fact<ExpressCapability | null>;
  readonly acs: Fact<AcsCapability | null>;
  readonly ats: Fact<SwitchableCapability | null>;
  readonly pasid: Fact<SwitchableCapability | null>;
  readonly pri: Fact<SwitchableCapability | null>;
  readonly sriov: Fact<SriovCapability | null>;
  readonly msi: Fact<SwitchableCapability | null>;
  readonly msix: Fact<SwitchableCapability | null>;
  /** Advanced Features (id 0x13): offset and whether it offers a function level reset. */
  readonly advancedFeatures: Fact<{ readonly offset: number; readonly flr: boolean } | null>;
  /** Power Management (id 0x01): NoSoftReset set means that D3hot does not reset the function. */
  readonly powerManagement: Fact<{ readonly offset: number; readonly noSoftReset: boolean } | null>;
  /** Device Serial Number (extended 0x03), `00-11-22-ff-ff-33-44-55`. */
  readonly serialNumber: Fact<string | null>;

  readonly config: ConfigSpace | undefined;
  readonly host: HostFacts;
}
