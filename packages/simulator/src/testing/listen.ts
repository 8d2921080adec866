/**
 * @module What a machine tells its listeners, as lines: `added 0000:01:00.0`.
 */
import type { Device, DeviceModel } from '@isogroups/core';

export function listen(machine: DeviceModel): string[] {
  const lines: string[] = [];
  const line = (event: string) => (device: Device) => void lines.push(`${event} ${device.name}`);
  machine.subscribe({
    added: line('added'),
    removing: line('removing'),
    removed: line('removed'),
    changed: line('changed'),
    bound: line('bound'),
    unbound: line('unbound'),
  });
  return lines;
}
