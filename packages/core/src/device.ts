/**
 * @module A device and its driver, as much as registry and domains need to know. The identity of either is the object.
 */

export interface Driver {
  readonly name: string;
}

export interface Device {
  /** Unique on its bus: `0000:01:00.0`. */
  readonly name: string;
  /** `pci`, `platform`, … */
  readonly bus: string;
  /** The device whose bus this one sits on. */
  readonly parent: Device | undefined;
  /** The driver that is bound now. */
  readonly driver: Driver | undefined;
}
