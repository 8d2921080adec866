/**
 * @module The state of a registry, as the functions of this folder share it.
 */
import type { Device } from '../device.ts';
import type { Policy } from '../policy.ts';
import type { DeviceModel } from './device-model.ts';
import type { DomainCall } from './domain-calls.ts';
import type { Group } from './group.ts';
import type { GroupOperations } from './group-record.ts';
import type { Outbox } from './outbox.ts';
import type { ClaimRecord, DeviceRecord, GroupRecord, Registration } from './records.ts';
import type { RegistryOptions } from './registry.ts';
import type { Sections } from './sections.ts';

export interface RegistryState {
  readonly model: DeviceModel;
  readonly options: RegistryOptions;
  readonly outbox: Outbox;
  readonly sections: Sections;
  /** Handed over, since the modules that do these things import group-record.ts, whose handles ask for them. */
  readonly groupOperations: GroupOperations;
  readonly records: Map<Device, DeviceRecord>;
  readonly groups: Set<GroupRecord>;
  readonly groupNames: Map<string, GroupRecord>;
  readonly recordOfGroup: WeakMap<Group, GroupRecord>;
  readonly claims: Set<ClaimRecord>;
  readonly registrations: Registration[];
  /** In the order in which they came in. */
  readonly quarantined: Set<DeviceRecord>;
  /** Those with `stuckIn`. */
  readonly stuck: Set<DeviceRecord>;
  /** Devices that several providers serve, as the last event said. */
  readonly conflicts: Map<DeviceRecord, string>;
  /** What the registry itself is about to have a domain do (domain-calls.ts). */
  domainCall: DomainCall | undefined;
  /** Devices that the machine told of while something else changed: nobody has looked at them yet. */
  readonly announced: Set<Device>;
  /** Devices that providers added or removed by hand while they were asked. */
  readonly madeMeanwhile: Set<DeviceRecord>;
  policy: Policy;
  /** The day for which the groups were computed. */
  today: string | undefined;
  nextSerial: number;
}

/** `2026-11-24`; undefined without a clock: then no acceptance ends. */
export function todayOf(options: RegistryOptions): string | undefined {
  return options.now?.().slice(0, 10);
}
