/**
 * @module Tells listeners what happens. One that throws keeps neither the machine nor the others from going on: what was
 * thrown comes out when the operation is complete.
 */
import type { Device, DeviceListener } from '@isogroups/core';

export interface Announcer {
  tell(event: keyof DeviceListener, device: Device): void;
  /** @throws AggregateError with all that listeners threw since the last time. */
  settle(): void;
  forget(): void;
}

export function createAnnouncer(listeners: ReadonlySet<DeviceListener>): Announcer {
  let thrown: unknown[] = [];
  return {
    tell(event, device) {
      for (const listener of [...listeners]) {
        try {
          listener[event](device);
        } catch (error) {
          thrown.push(error);
        }
      }
    },
    forget() {
      thrown = [];
    },
    settle() {
      if (thrown.length === 0) return;
      const errors = thrown;
      thrown = [];
      throw new AggregateError(errors, `listeners of the machine threw: ${errors.map(String).join('; ')}`);
    },
  };
}
