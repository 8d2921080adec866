/**
 * @module What the registry needs of a machine, simulated or captured: its devices, and word of what comes and goes.
 */
import type { Device } from '../device.ts';

export interface DeviceModel {
  /** All devices that are present, parents before what sits on their busses. */
  devices(): Iterable<Device>;
  /** Tells the listener of every change from now on; the function that comes back ends that. */
  subscribe(listener: DeviceListener): () => void;
  /**
   * Bus mastering of a device: off when it is quarantined, or an IOMMU does not let go of it; on when that is over. A
   * machine without such a switch leaves this out; such a device is then kept in by the gate alone.
   */
  setBusMaster?(device: Device, on: boolean): void;
}

export interface DeviceListener {
  /** It is there, and no driver was asked yet: `mayBind` may say no from now on. Parents first. */
  added(device: Device): void;
  /** It is about to go; it is still there and its driver is still bound. Children first. */
  removing(device: Device): void;
  /** It is gone. Children first. */
  removed(device: Device): void;
  /** Registers changed that bear on isolation: ACS, ATS, SR-IOV, … */
  changed(device: Device): void;
  /** `device.driver` is the driver. */
  bound(device: Device): void;
  unbound(device: Device): void;
}
