/**
 * @module Devices in quarantine: how they get there, and how they get out.
 */
import { arrive } from './arrive.ts';
import { decideArrival } from './decide-arrival.ts';
import { setGate } from './gate.ts';
import { guard } from './outbox.ts';
import type { Quarantine } from './quarantine.ts';
import type { DeviceRecord } from './records.ts';
import type { RegistryState } from './state.ts';

export function enterQuarantine(state: RegistryState, record: DeviceRecord, quarantine: Quarantine): void {
  const before = record.quarantine?.kind;
  record.quarantine = quarantine;
  setGate(record);
  if (state.quarantined.has(record) && before === quarantine.kind) return;
  state.quarantined.add(record);
  setBusMaster(state, record, false);
  state.outbox.post({ kind: 'quarantined', device: record.device, quarantine });
}

export function endQuarantine(state: RegistryState, record: DeviceRecord, how: 'admitted' | 'unplugged'): void {
  if (!state.quarantined.delete(record)) return;
  if (how === 'admitted') setBusMaster(state, record, true);
  state.outbox.post({ kind: 'quarantine-ended', device: record.device, how });
}

/** Something went that kept devices out: each is looked at anew, in the order in which they came. */
export function reconsider(state: RegistryState): void {
  for (const record of [...state.quarantined]) {
    const before = record.quarantine;
    const reason = arrive(state, record, decideArrival);
    if (reason === undefined) endQuarantine(state, record, 'admitted');
    else {
      record.quarantine = before;
      enterQuarantine(state, record, reason);
    }
  }
}

export function setBusMaster(state: RegistryState, record: DeviceRecord, on: boolean): void {
  guard(state.outbox, 'setBusMaster', record.device.name, () => state.model.setBusMaster?.(record.device, on));
}
