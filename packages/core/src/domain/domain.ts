/**
 * @module Domains: one address space for the devices of one or more groups.
 */
import type { Device } from '../device.ts';
import { BusyError, InvalidError, IoError } from '../errors.ts';
import { type AddressSpace, createAddressSpace } from './address-space.ts';
import { attachAll, detachAll, isTranslatedBy, refusalError, type StuckDevice, stuckError } from './attachment.ts';
import { createFaultCheck, type Fault, type FaultListener } from './fault.ts';
import type { IommuOps } from './iommu-ops.ts';
import type { Access } from './protection.ts';

/** What a domain needs of a group. The registry's groups have it; `domain` is written by nobody but this module. */
export interface AttachableGroup {
  readonly name: string;
  readonly devices: Iterable<Device>;
  readonly iommuOps: IommuOps | undefined;
  readonly domain: Domain | undefined;
  /** Whoever keeps the group may have a say: it calls `change`, and follows it up, or throws and nothing happens. */
  readonly aroundDomainChange?: (domain: Domain, what: DomainChange, change: () => void) => void;
}

export type DomainChange =
  | 'attach-group'
  | 'release-group'
  | 'attach-device'
  | 'detach-device'
  | 'detach-stuck'
  | 'regroup';

/**
 * While devices are being attached or detached, the IOMMU may map and resolve, but whatever would attach or detach to
 * this domain is refused with BusyError.
 */
export interface Domain extends AddressSpace {
  /** Name of the group that it was created on. */
  readonly name: string;
  readonly ops: IommuOps;
  readonly groups: readonly AttachableGroup[];
  /** Devices that it translates, by group, in the order of attachment. */
  readonly devices: readonly Device[];
  /** Devices that the IOMMU did not let go of, until another domain has them; each release tries again. */
  readonly stuck: readonly StuckDevice[];

  /**
   * `isolation_group_iommu_domain_add_group`: all devices of another group come in, or none.
   * @throws InvalidError the group is empty or has a domain, or this one was released; IoError the group has other IOMMU
   * operations, or they refused a device: `operands.stuck` tells which of those attached before it could not be detached again,
   * `cause` is what was thrown; BusyError from within an attachment.
   */
  attachGroup(group: AttachableGroup): void;
  /**
   * `isolation_group_free_iommu_domain`: detaches the devices of a group, in reverse order. With the last group all mappings
   * go, so a device that is stuck reaches nothing.
   * @throws InvalidError the group is not in this domain; IoError released, but devices are stuck.
   */
  releaseGroup(group: AttachableGroup): void;
  /** A device has come to a group of the domain. @throws as {@link attachGroup} does; then it is not attached. */
  attachDevice(group: AttachableGroup, device: Device): void;
  /** A device leaves its group. @throws IoError it left, but is stuck. */
  detachDevice(group: AttachableGroup, device: Device): void;
  /** Tries again to detach what is stuck. @throws IoError something is, still. */
  detachStuck(): void;
  /**
   * Devices belong to another group now, which comes into the domain with them if it is not in it. Nothing is attached or
   * detached. @throws InvalidError `from` is not in this domain, or `to` in another; BusyError from within an attachment.
   */
  regroup(from: AttachableGroup, to: AttachableGroup, devices: readonly Device[]): void;

  /** What the IOMMU does with a request: the address that it becomes, or a fault, which the listeners hear of. */
  translate(device: Device, iova: number, access: Access): number | Fault;
  /** @returns what takes the listener off again. */
  onFault(listener: FaultListener): () => void;
}

/**
 * `isolation_group_init_iommu_domain`: a domain with all devices of a group.
 * @throws InvalidError no IOMMU operations, or no device; BusyError it has a domain; IoError the IOMMU refused a device, and
 * the others were detached again.
 */
export function createDomain(group: AttachableGroup): Domain {
  const domain = newDomain(group);
  domain.attachGroup(group);
  return domain;
}

/** A domain that the group may enter, still without it. @throws as {@link createDomain}, but IoError */
export function newDomain(group: AttachableGroup): Domain {
  const ops = group.iommuOps;
  if (ops === undefined) {
    throw new InvalidError({
      says: `group ${group.name} has no IOMMU operations`,
      next: 'set them with setIommuOps',
      operands: { group },
    });
  }
  refuseEmpty(group);
  if (group.domain !== undefined) {
    throw new BusyError({
      says: `group ${group.name} is in domain ${group.domain.name}`,
      next: 'release that first',
      operands: { group, domain: group.domain },
    });
  }
  return emptyDomain(group.name, ops);
}

/** `isolation_group_free_iommu_domain`. @throws InvalidError it has none; otherwise as {@link Domain.releaseGroup}. */
export function releaseDomain(group: AttachableGroup): void {
  if (group.domain === undefined) {
    throw new InvalidError({
      says: `group ${group.name} is in no domain`,
      next: 'there is nothing to release',
      operands: { group },
    });
  }
  group.domain.releaseGroup(group);
}

function emptyDomain(name: string, ops: IommuOps): Domain {
  const space = createAddressSpace(ops);
  const faults = createFaultCheck(space);
  const members = new Map<AttachableGroup, Device[]>();
  let stuck: readonly StuckDevice[] = [];
  let state: 'still' | 'changing' | 'over' = 'still';

  /** One change at a time; the domain is over with its last group. */
  const change = (act: () => void): void => {
    if (state === 'changing') {
      throw new BusyError({
        says: `domain ${name} is attaching or detaching devices`,
        next: 'do it when that has returned',
        operands: { domain },
      });
    }
    if (state === 'over') {
      throw new InvalidError({
        says: `domain ${name} was released`,
        next: 'create a domain on a group',
        operands: { domain },
      });
    }
    state = 'changing';
    try {
      act();
    } finally {
      state = members.size === 0 ? 'over' : 'still';
      if (state === 'over') space.close();
    }
  };

  const changeOf = (group: AttachableGroup, what: DomainChange, act: () => void): void => {
    if (group.aroundDomainChange === undefined) change(act);
    else group.aroundDomainChange(domain, what, () => change(act));
  };

  /** Another domain may have taken them since; they must not be detached from that. */
  const stillStuck = (): readonly StuckDevice[] => stuck.filter((s) => isTranslatedBy(domain, s.device));

  const letGo = (devices: readonly Device[]): void => {
    const before = stillStuck().map((s) => s.device);
    stuck = detachAll(domain, [...before, ...devices]);
    if (stuck.length > 0) throw stuckError(domain, stuck);
  };

  const attach = (devices: readonly Device[]): void => {
    const refusal = attachAll(domain, devices);
    const attached = refusal === undefined ? devices : [];
    stuck = [...stillStuck().filter((s) => !attached.includes(s.device)), ...(refusal?.stuck ?? [])];
    if (refusal !== undefined) throw refusalError(domain, refusal);
  };

  const memberOf = (group: AttachableGroup): Device[] => {
    const devices = members.get(group);
    if (devices !== undefined) return devices;
    throw new InvalidError({
      says: `group ${group.name} is not in domain ${name}`,
      next: 'attach the group first',
      operands: { group, domain },
    });
  };

  const domain: Domain = Object.freeze({
    name,
    ops,
    map: space.map,
    unmap: space.unmap,
    resolve: space.resolve,
    mappings: space.mappings,
    get usage() {
      return space.usage;
    },
    get groups() {
      return [...members.keys()];
    },
    get devices() {
      return [...members.values()].flat();
    },
    get stuck() {
      return stillStuck();
    },
    translate: faults.translate,
    onFault: faults.onFault,

    attachGroup(group: AttachableGroup) {
      refuseOther(domain, group);
      changeOf(group, 'attach-group', () => {
        const devices = [...group.devices];
        setDomain(group, domain);
        members.set(group, devices);
        try {
          attach(devices);
        } catch (error) {
          members.delete(group);
          setDomain(group, undefined);
          throw error;
        }
      });
    },
    releaseGroup(group: AttachableGroup) {
      memberOf(group);
      changeOf(group, 'release-group', () => {
        // Whoever keeps the group may have moved devices before it said yes.
        const devices = memberOf(group);
        members.delete(group);
        setDomain(group, undefined);
        letGo(devices);
      });
    },
    attachDevice(group: AttachableGroup, device: Device) {
      const devices = memberOf(group);
      changeOf(group, 'attach-device', () => {
        attach([device]);
        devices.push(device);
      });
    },
    detachDevice(group: AttachableGroup, device: Device) {
      const devices = memberOf(group);
      const at = devices.indexOf(device);
      if (at === -1) {
        throw new InvalidError({
          says: `${device.name} is not attached to domain ${name}`,
          next: 'there is nothing to detach',
          operands: { device, group, domain },
        });
      }
      changeOf(group, 'detach-device', () => {
        devices.splice(at, 1);
        letGo([device]);
      });
    },
    detachStuck() {
      const [group] = members.keys();
      if (group !== undefined) changeOf(group, 'detach-stuck', () => letGo([]));
    },
    regroup(from: AttachableGroup, to: AttachableGroup, devices: readonly Device[]) {
      const left = memberOf(from);
      if (to.domain !== undefined && to.domain !== domain) refuseOther(domain, to);
      changeOf(to, 'regroup', () => {
        const moving = new Set(devices);
        const moved = left.filter((device) => moving.has(device));
        members.set(
          from,
          left.filter((device) => !moving.has(device)),
        );
        members.set(to, [...(members.get(to) ?? []), ...moved]);
        setDomain(to, domain);
      });
    },
  });
  return domain;
}

function refuseEmpty(group: AttachableGroup): void {
  for (const _ of group.devices) return;
  throw new InvalidError({
    says: `group ${group.name} has no device`,
    next: 'add devices first',
    operands: { group },
  });
}

function refuseOther(domain: Domain, group: AttachableGroup): void {
  if (group.domain !== undefined) {
    throw new InvalidError({
      says: `group ${group.name} is in domain ${group.domain.name}`,
      next: 'release that first',
      operands: { group, domain: group.domain },
    });
  }
  refuseEmpty(group);
  if (group.iommuOps === domain.ops) return;
  throw new IoError({
    says: `group ${group.name} is behind ${group.iommuOps?.name ?? 'no IOMMU'}, domain ${domain.name} behind ${domain.ops.name}`,
    next: 'give it a domain of its own',
    operands: { group, domain },
  });
}

function setDomain(group: AttachableGroup, domain: Domain | undefined): void {
  (group as { domain: Domain | undefined }).domain = domain;
}
