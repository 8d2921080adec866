/**
 * @module Managers: who owns claims, and which drivers they admit. One manager may hold any number of groups and domains.
 */
import type { Device, Driver } from '../device.ts';
import type { Claim } from './claim.ts';
import type { Group } from './group.ts';
import type { Obstacle } from './obstacle.ts';

/** Called when the registry is consistent again; all calls of the registry are allowed from inside. */
export interface ManagerCallbacks {
  /** A device has entered a claim: it is in the group, and in the group's domain if it has one. */
  deviceAdded?(device: Device, group: Group, claim: Claim): void;
  /** A device of a claim is about to go: it is still there. */
  deviceRemoving?(device: Device, group: Group, claim: Claim): void;
  /** The claim is not what was granted any more: what leads out of it now. */
  isolationLost?(claim: Claim, losses: readonly Obstacle[]): void;
}

export interface ManagerRequest extends ManagerCallbacks {
  readonly name: string;
}

export interface Manager {
  readonly name: string;
  readonly callbacks: ManagerCallbacks;
  /** Always as they are now. */
  readonly drivers: ReadonlySet<Driver>;
  /**
   * `isolation_group_manager_add_driver`: from now on the driver may bind to devices of all claims of this manager. Once more
   * changes nothing.
   */
  allowDriver(driver: Driver): void;
  /** `isolation_group_manager_del_driver`: it may bind no more. A device that it drives stays, and is a blocker. */
  disallowDriver(driver: Driver): void;
  /** `isolation_group_manager_driver`. */
  allowsDriver(driver: Driver): boolean;
}

export function createManager(request: ManagerRequest): Manager {
  const drivers = new Set<Driver>();
  return Object.freeze({
    name: request.name,
    callbacks: request,
    drivers,
    allowDriver(driver: Driver) {
      drivers.add(driver);
    },
    disallowDriver(driver: Driver) {
      drivers.delete(driver);
    },
    allowsDriver: (driver: Driver) => drivers.has(driver),
  });
}
