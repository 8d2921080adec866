/**
 * @module The complaints that several calls share. Each names its operands and what to do next.
 */
import type { Device } from '../device.ts';
import { BusyError, ExistsError, InvalidError, NoDeviceError } from '../errors.ts';
import type { ClaimRecord, DeviceRecord, GroupRecord } from './records.ts';
import type { RegistryState } from './state.ts';

/** @throws NoDeviceError the machine does not have it */
export function recordOf(state: RegistryState, device: Device): DeviceRecord {
  const record = state.records.get(device);
  if (record !== undefined) return record;
  throw new NoDeviceError({
    says: `the machine has no device ${device.name} on bus ${device.bus}`,
    next: 'plug it first, or name a device of this machine',
    operands: { device },
  });
}

/** @throws NoDeviceError the group was freed */
export function refuseGone(group: GroupRecord): void {
  if (group.present) return;
  throw new NoDeviceError({
    says: `group ${group.name} is gone`,
    next: 'ask groupOf for the group that its devices are in now',
    operands: { group: group.handle },
  });
}

export function thereAlready(device: Device): ExistsError {
  return new ExistsError({
    says: `device ${device.name} on bus ${device.bus} is there already`,
    next: 'announce each device once, until it is removed',
    operands: { device },
  });
}

export function parentIsMissing(device: Device, parent: Device): InvalidError {
  return new InvalidError({
    says: `device ${device.name} sits on ${parent.name}, which is not there`,
    next: 'announce parents before their children',
    operands: { device, parent },
  });
}

/** `group vtd0/0000:02:00.0 is claimed by "vfio" since …`. */
export function heldBy(
  what: string,
  claim: ClaimRecord,
  operands: Readonly<Record<string, unknown>>,
  next = 'release that claim first',
): BusyError {
  return new BusyError({
    says: `${what} is claimed by "${claim.manager.name}"${claim.since === undefined ? '' : ` since ${claim.since}`}`,
    next,
    operands: { ...operands, claim: claim.handle, manager: claim.manager, since: claim.since },
  });
}
