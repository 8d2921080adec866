/**
 * @module The registry: all groups of a machine, who owns them, and who may bind to what.
 */
import type { Device, Driver } from '../device.ts';
import type { Domain } from '../domain/domain.ts';
import type { IommuOps } from '../domain/iommu-ops.ts';
import type { Policy } from '../policy.ts';
import type { Claim } from './claim.ts';
import type { RegistryListener } from './events.ts';
import type { Group } from './group.ts';
import type { Manager } from './manager.ts';
import type { IsolationProvider } from './provider.ts';
import type { Quarantine } from './quarantine.ts';
import type { RegistryTree } from './tree.ts';

export interface RegistryOptions {
  /** Groups are the components under this policy; `default` without it. */
  readonly policy?: Policy;
  /** The time as ISO 8601 (`2026-11-24T11:00:00Z`). Without it claims have no `since` and acceptances do not end. */
  readonly now?: () => string;
  /** The IOMMU above a device, for groups that nobody gave IommuOps. */
  readonly iommuOpsOf?: (device: Device) => IommuOps | undefined;
}

export interface GroupRequest {
  readonly name: string;
  /** Who makes it, for messages. */
  readonly provider: string;
}

/**
 * Calls that change something run to the end before anybody hears of it; events and callbacks of managers come after that,
 * and may call everything. From inside a provider, `IommuOps` or `setBusMaster` only questions are allowed (and, in a
 * provider, `createGroup`, `addDevice` and `removeDevice`); anything else is refused with `EBUSY`.
 */
export interface Registry {
  readonly policy: Policy;
  /** In the order in which their lowest members came. */
  readonly groups: readonly Group[];
  readonly claims: readonly Claim[];
  /** Devices that are kept out, and why. */
  readonly quarantined: ReadonlyMap<Device, Quarantine>;

  /**
   * `isolation_register_notifier`: for one bus or several; devices that are present are played back.
   * @throws ExistsError it serves one of these busses already
   */
  registerProvider(busses: string | readonly string[], provider: IsolationProvider): void;
  /**
   * `isolation_unregister_notifier`: what it said is forgotten.
   * @throws NoDeviceError it does not serve all of these busses
   */
  unregisterProvider(busses: string | readonly string[], provider: IsolationProvider): void;

  /**
   * `isolation_create_group`: an empty group, for what `addDevice` will put together.
   * @throws ExistsError the name is taken
   */
  createGroup(request: GroupRequest): Group;
  /**
   * `isolation_free_group`.
   * @throws BusyError it has devices or a manager; NoDeviceError it is gone
   */
  freeGroup(group: Group): void;

  /** `to_isolation_group`: undefined for a device in quarantine, or of another machine. One look-up. */
  groupOf(device: Device): Group | undefined;
  domainOf(device: Device): Domain | undefined;
  groupNamed(name: string): Group | undefined;

  /**
   * `isolation_group_init_manager`: the manager owns the components, under `policy`, of all that is named. A component is
   * granted if it contains neither the host nor a device of another claim.
   * @throws BusyError a device belongs to another claim: who has it, since when; a domain reaches beyond the claim; or an IOMMU,
   *   tried once more, does not let go of a device that left its domain; NotPermittedError the edges in the way, or a
   *   device in quarantine; NoDeviceError a group or device that is gone; InvalidError nothing is named, or no policy
   */
  claim(manager: Manager, wanted: readonly (Group | Device)[], policy: Policy): Claim;
  /**
   * The gate of `driver_match_device`: whether the bus may ask the driver at all. One look-up. No driver may have a device
   * that came in the middle of a change, until that is over; a bus that was refused then asks again, as it does after
   * `quarantine-ended`: the registry does not tell it to. May be handed on without the registry.
   * @throws NoDeviceError the machine does not have the device
   */
  mayBind(device: Device, driver: Driver): boolean;

  /**
   * Somebody decides: a device in quarantine is let in, into the claim or, without one, as nobody's. What it opens is
   * reported as lost isolation of the claims that it concerns.
   * @throws InvalidError it is not in quarantine, or its parent is, or the claim was released; NoDeviceError no such device;
   *   IoError a domain refused it again, and it stays where it is
   */
  admit(device: Device, claim?: Claim): void;
  /**
   * Draws all groups anew. Claims stand under their own policies.
   * @throws InvalidError it accepts what no policy can
   */
  setPolicy(policy: Policy): void;
  /** Asks `now` whether acceptances have ended. Every change does so, too. */
  refresh(): void;

  /** Directories and links as sysfs has them: `isolation/<group>/devices/*` and `isolation_group` of each device. */
  tree(): RegistryTree;
  /** The function that comes back ends it. */
  on(listener: RegistryListener): () => void;
  /** Lets go of the machine: no event comes any more. Claims and domains stay as they are. */
  close(): void;
}
