/**
 * @module What the router reads: functions with their registers, the wires between them, and what devices do that no
 * register tells. Frozen data; nothing of the isolation graph.
 */
import type { PciAddress } from '@isogroups/pci';

/** First and last address, bytes. Safe integers. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Access Control Services as the registers hold them (PCIe 6.0, 7.7.11). */
export interface AcsRegisters {
  readonly capability: number;
  readonly control: number;
}

/**
 * What the vendor of a device states about it where registers cannot tell: true as if the service were on, false as if it
 * were off. Undefined: nothing is stated, the registers decide.
 */
export interface VendorStatement {
  /** Requester ids from below are checked (ACS SV). */
  readonly validates: boolean | undefined;
  /** Traffic for peers goes upstream (ACS RR and CR). */
  readonly redirects: boolean | undefined;
  /** What would turn around goes on upstream (ACS UF). */
  readonly forwardsUp: boolean | undefined;
  readonly says: string;
}

/** How a bridge treats the requester ids of what is behind it. */
export type Ownership =
  /** PCI Express ports pass them on. */
  | 'passes'
  /** A PCIe-to-PCI bridge sends as device 0, function 0 of its secondary bus (PCIe-to-PCI bridges 1.0, 2.3). */
  | 'secondary-bus'
  /** Conventional PCI has no requester ids: what is behind the bridge is the bridge's own traffic. */
  | 'own-id';

/** What a device does that no register tells, from the project's tables of quirks and the firmware's. */
export interface DeviceModel {
  /** Requester ids (16 bits, same segment) under which it sends besides its own. */
  readonly alsoSendsAs: readonly number[];
  /** Index of the function that sends for it (children of Intel VMD); -1 for none. */
  readonly sendsThrough: number;
  readonly vendor: VendorStatement | undefined;
  readonly ownership: Ownership;
}

export interface FabricFunction extends PciAddress {
  /** `0000:01:00.0`. */
  readonly name: string;
  /** Index of the bridge on whose secondary bus it sits (for a virtual function: the bridge above its device), or -1. */
  readonly parent: number;
  /** Index of the physical function of a virtual one, or -1. */
  readonly physicalFunction: number;
  /** Device/port type: pci's PORT, NOT_EXPRESS or UNKNOWN_TYPE; by the direction in which it really faces. */
  readonly type: number;
  /** Header of type 1 or 2: something can be behind it. */
  readonly isBridge: boolean;
  /** A host bridge is configuration registers: it has no way to its neighbours. */
  readonly isHostBridge: boolean;
  readonly multifunction: boolean;
  readonly secondary: number;
  readonly subordinate: number;
  /** ARI Forwarding: the whole bus below is one device. */
  readonly ariForwarding: boolean;
  /** Undefined: it has no such capability, or it could not be read, which routes as if it had none. */
  readonly acs: AcsRegisters | undefined;
  readonly atsEnabled: boolean;
  /** Bus Master Enable. */
  readonly busMaster: boolean;
  /** What its base address registers claim. */
  readonly memory: readonly Range[];
  /** What a bridge passes down. */
  readonly windows: readonly Range[];
  readonly model: DeviceModel;
}

export interface Fabric {
  /** In tree order: whole busses, then what is below them, so that all that is below a bridge is one span. */
  readonly functions: readonly FabricFunction[];
  /** Whether the root busses are conventional PCI, wires that all functions on them share. */
  readonly conventionalRoots: boolean;
  /** Where message-signalled interrupts are written to. */
  readonly doorbell: Range;
  /** Whether interrupts are checked for who sends them: remapping, or an ITS. */
  readonly interruptsChecked: boolean;
}
