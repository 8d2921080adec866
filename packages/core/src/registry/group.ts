/**
 * @module An isolation group as the registry hands it out.
 */
import type { Device } from '../device.ts';
import type { AttachableGroup, Domain } from '../domain/domain.ts';
import type { IommuOps } from '../domain/iommu-ops.ts';
import type { Claim } from './claim.ts';
import type { Manager } from './manager.ts';

/**
 * A group is what interferes with itself under the registry's policy, within one claim and one domain (or none). What is
 * there keeps its owner and its domain whatever happens around it; only what arrives is taken in.
 *
 * It keeps its identity as long as anything of it is left: a recomputation gives each component the group with which it
 * shares most devices.
 */
export interface Group extends AttachableGroup {
  /** Unit and lowest member, `vtd0/0000:01:00.0`. While the group is claimed the name stays, whatever is plugged. */
  readonly name: string;
  /** Version 5 of the name. */
  readonly uuid: string;
  /** False once it was freed, or merged into another. */
  readonly present: boolean;
  /** Lowest first. */
  readonly devices: readonly Device[];
  readonly claim: Claim | undefined;
  /** `isolation_group_managed`: somebody has it. */
  readonly manager: Manager | undefined;
  readonly domain: Domain | undefined;
  readonly iommuOps: IommuOps | undefined;

  /**
   * `isolation_group_add_dev`, for groups of `createGroup`: the device counts as `same-requester` with the others that were
   * added. It, and what interferes with it under the policy of the claim, enters the group's claim and its domain; devices
   * that the claim lost isolation from (`losses`) stay whose they are.
   * @throws BusyError it was added before, is claimed, or is in another domain; NoDeviceError no such device or group;
   *   InvalidError the group follows from facts; NotPermittedError it would open the claim; IoError the domain refused it.
   *   After any of them nothing has changed.
   */
  addDevice(device: Device): void;
  /**
   * `isolation_group_del_dev`. It leaves the domain as well, unless facts keep it in the group; a claim keeps it.
   * @throws NoDeviceError it was not added to this group
   */
  removeDevice(device: Device): void;
  /**
   * `isolation_group_set_iommu_ops`.
   * @throws BusyError it has some; NoDeviceError the group is gone
   */
  setIommuOps(ops: IommuOps): void;
  /**
   * `isolation_group_init_iommu_domain`: a new domain with all devices of the group in it. When one is refused, those before
   * it are detached in reverse order.
   * @throws InvalidError no IommuOps, or no devices; BusyError it has a domain; IoError a device was refused;
   *   NoDeviceError the group is gone
   */
  createDomain(): Domain;
  /**
   * `isolation_group_free_iommu_domain`: detaches the devices; the domain ends with its last group.
   * @throws InvalidError it has none; IoError released, but the IOMMU did not let go of devices
   */
  releaseDomain(): void;
}
