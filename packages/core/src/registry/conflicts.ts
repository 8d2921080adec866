/**
 * @module Providers in conflict: several that serve one device are all heard, and what it belongs to cannot be claimed.
 */
import type { DeviceRecord, Zone } from './records.ts';
import type { RegistryState } from './state.ts';

/** Reports conflicts that came or went in these zones. */
export function noteConflicts(state: RegistryState, zones: Iterable<Zone>): void {
  for (const zone of zones) for (const record of zone.records) noteConflict(state, record);
}

export function noteConflict(state: RegistryState, record: DeviceRecord): void {
  // Hardly a machine has any, and then no device has to be looked up.
  const noted = state.conflicts.size > 0 && state.conflicts.has(record);
  if (record.seen.length < 2 && !noted) return;
  const providers = record.seen.length < 2 ? [] : record.seen.map((zone) => zone.registration.provider.name);
  const text = providers.join('\n');
  if ((state.conflicts.get(record) ?? '') === text) return;
  if (providers.length === 0) state.conflicts.delete(record);
  else state.conflicts.set(record, text);
  state.outbox.post({ kind: 'conflict', device: record.device, providers });
}
