/**
 * @module Devices by name and by label: asked at every operation, so kept up with what comes and goes.
 */
import type { LiveDevice } from './live-device.ts';

export interface DeviceIndex {
  /** By name (`0000:01:00.0`), else by label (`nvme`). */
  find(name: string): LiveDevice | undefined;
  add(devices: Iterable<LiveDevice>): void;
  remove(devices: Iterable<LiveDevice>): void;
}

export function createIndex(devices: Iterable<LiveDevice>): DeviceIndex {
  const byName = new Map<string, LiveDevice>();
  const byLabel = new Map<string, LiveDevice>();
  const add = (more: Iterable<LiveDevice>): void => {
    for (const d of more) {
      byName.set(d.name, d);
      byLabel.set(d.label, d);
    }
  };
  add(devices);
  return {
    find: (name) => byName.get(name) ?? byLabel.get(name),
    add,
    remove(gone) {
      for (const d of gone) {
        byName.delete(d.name);
        byLabel.delete(d.label);
      }
    },
  };
}
