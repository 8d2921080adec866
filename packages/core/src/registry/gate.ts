/**
 * @module The gate: which drivers may bind to a device. A look-up and a comparison, whatever the depth of the bus or the size
 * of the group.
 */
import type { Driver } from '../device.ts';
import type { DeviceRecord } from './records.ts';

/** Nothing binds to a device in quarantine, or to one that is stuck in a domain. */
const CLOSED: ReadonlySet<Driver> = new Set();

/** Sets the gate of a device by what it belongs to. Bridges carry the traffic of others and keep their drivers. */
export function setGate(record: DeviceRecord): void {
  if (record.quarantine !== undefined) record.gate = CLOSED;
  else if ((record.claim ?? record.stuckIn) === undefined || isBridge(record)) record.gate = undefined;
  else record.gate = record.stuckIn === undefined ? record.claim?.manager.drivers : CLOSED;
}

export function isBridge({ zone, party }: DeviceRecord): boolean {
  return zone?.graph.parties.isBridge(party) ?? false;
}
