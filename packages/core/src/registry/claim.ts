/**
 * @module A claim: one manager owns a set of whole components.
 */
import type { Device, Driver } from '../device.ts';
import type { Policy } from '../policy.ts';
import type { Group } from './group.ts';
import type { Manager } from './manager.ts';
import type { Obstacle } from './obstacle.ts';

/** A device that keeps a claim from being locked, and the driver that its manager does not know. */
export interface Blocker {
  readonly device: Device;
  readonly driver: Driver;
}

export interface Claim {
  readonly manager: Manager;
  /** It holds under this policy, whatever that of the registry is. */
  readonly policy: Policy;
  /** When it was granted, as `now` said; undefined without `now`. */
  readonly since: string | undefined;
  /** False after `release`. */
  readonly standing: boolean;
  /**
   * Empty ones too: a slot from which the device was pulled stays claimed, and takes in what is put there. Where `admit`
   * gave that to another claim, or to nobody, the slot goes with it.
   */
  readonly groups: readonly Group[];
  readonly devices: readonly Device[];
  /** `isolation_group_manager_locked`: every device has a driver of the manager, or none. Bridges do not count. */
  readonly locked: boolean;
  /** Which devices and drivers keep it from being locked. */
  readonly blockers: readonly Blocker[];
  /** What leads out of it under its own policy today; empty as long as it is what was granted. */
  readonly losses: readonly Obstacle[];
  /**
   * `isolation_group_free_manager`: takes its groups out of their domains and gives them back. A domain ends with its last
   * group, so a device that an IOMMU does not let go of (event `callback-failed`) reaches nothing through it then. While a
   * domain goes on with groups of other claims, such a device is kept off the bus: it has no bus mastering, no driver may
   * bind, and it cannot be claimed.
   * @throws InvalidError it was released before
   */
  release(): void;
}
