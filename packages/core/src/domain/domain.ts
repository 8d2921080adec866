/**
 * @module Domains: one address space for the devices of one or more groups.
 */
import type { Device } from '../device.ts';
import { BusyError, InvalidError, IoError } from '../errors.ts';
import {
  type AddressSpace,
  createAddressSpace,
  type Mapping,
  type OwnedAddressSpace,
  type Resolution,
  type Usage,
} from './address-space.ts';
import { attachAll, detachAll, isTranslatedBy, refusalError, type StuckDevice, stuckError } from './attachment.ts';
import { createFaultCheck, type Fault, type FaultCheck, type FaultListener } from './fault.ts';
import type { IommuOps } from './iommu-ops.ts';
import type { Access, Protection } from './protection.ts';

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
 * this domain is refused with BusyError. Its methods need their `this`: `const { map } = domain` gives a function that
 * throws a TypeError.
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
  return new AttachingDomain(group.name, ops);
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

/**
 * A class, since an object literal with getters is a dictionary to V8: each call of `map` or `resolve` would search it.
 */
class AttachingDomain implements Domain {
  readonly name: string;
  readonly ops: IommuOps;
  readonly #space: OwnedAddressSpace;
  readonly #faults: FaultCheck;
  readonly #members = new Map<AttachableGroup, Device[]>();
  #stuck: readonly StuckDevice[] = [];
  #state: 'still' | 'changing' | 'over' = 'still';

  constructor(name: string, ops: IommuOps) {
    this.name = name;
    this.ops = ops;
    this.#space = createAddressSpace(ops);
    this.#faults = createFaultCheck(this.#space);
    Object.freeze(this);
  }

  map(iova: number, address: number, length: number, protection: Protection): void {
    this.#space.map(iova, address, length, protection);
  }

  unmap(iova: number, length: number): number {
    return this.#space.unmap(iova, length);
  }

  resolve(iova: number): Resolution | undefined {
    return this.#space.resolve(iova);
  }

  mappings(): Generator<Mapping> {
    return this.#space.mappings();
  }

  get usage(): Usage {
    return this.#space.usage;
  }

  get groups(): readonly AttachableGroup[] {
    return [...this.#members.keys()];
  }

  get devices(): readonly Device[] {
    return [...this.#members.values()].flat();
  }

  /** Another domain may have taken some since; they must not be detached from that. */
  get stuck(): readonly StuckDevice[] {
    return this.#stuck.filter((s) => isTranslatedBy(this, s.device));
  }

  translate(device: Device, iova: number, access: Access): number | Fault {
    return this.#faults.translate(device, iova, access);
  }

  onFault(listener: FaultListener): () => void {
    return this.#faults.onFault(listener);
  }

  attachGroup(group: AttachableGroup): void {
    refuseOther(this, group);
    this.#change(group, 'attach-group', () => {
      const devices = [...group.devices];
      setDomain(group, this);
      this.#members.set(group, devices);
      try {
        this.#attach(devices);
      } catch (error) {
        this.#members.delete(group);
        setDomain(group, undefined);
        throw error;
      }
    });
  }

  releaseGroup(group: AttachableGroup): void {
    this.#devicesOf(group);
    this.#change(group, 'release-group', () => {
      // Whoever keeps the group may have moved devices before it said yes.
      const devices = this.#devicesOf(group);
      this.#members.delete(group);
      setDomain(group, undefined);
      this.#letGo(devices);
    });
  }

  attachDevice(group: AttachableGroup, device: Device): void {
    const devices = this.#devicesOf(group);
    this.#change(group, 'attach-device', () => {
      this.#attach([device]);
      devices.push(device);
    });
  }

  detachDevice(group: AttachableGroup, device: Device): void {
    const devices = this.#devicesOf(group);
    const at = devices.indexOf(device);
    if (at === -1) {
      throw new InvalidError({
        says: `${device.name} is not attached to domain ${this.name}`,
        next: 'there is nothing to detach',
        operands: { device, group, domain: this },
      });
    }
    this.#change(group, 'detach-device', () => {
      devices.splice(at, 1);
      this.#letGo([device]);
    });
  }

  detachStuck(): void {
    const [group] = this.#members.keys();
    if (group !== undefined) this.#change(group, 'detach-stuck', () => this.#letGo([]));
  }

  regroup(from: AttachableGroup, to: AttachableGroup, devices: readonly Device[]): void {
    const left = this.#devicesOf(from);
    if (to.domain !== undefined && to.domain !== this) refuseOther(this, to);
    this.#change(to, 'regroup', () => {
      const moving = new Set(devices);
      const moved = left.filter((device) => moving.has(device));
      this.#members.set(
        from,
        left.filter((device) => !moving.has(device)),
      );
      this.#members.set(to, [...(this.#members.get(to) ?? []), ...moved]);
      setDomain(to, this);
    });
  }

  #change(group: AttachableGroup, what: DomainChange, act: () => void): void {
    if (group.aroundDomainChange === undefined) this.#changeNow(act);
    else group.aroundDomainChange(this, what, () => this.#changeNow(act));
  }

  /** One change at a time; the domain is over with its last group. */
  #changeNow(act: () => void): void {
    if (this.#state === 'changing') {
      throw new BusyError({
        says: `domain ${this.name} is attaching or detaching devices`,
        next: 'do it when that has returned',
        operands: { domain: this },
      });
    }
    if (this.#state === 'over') {
      throw new InvalidError({
        says: `domain ${this.name} was released`,
        next: 'create a domain on a group',
        operands: { domain: this },
      });
    }
    this.#state = 'changing';
    try {
      act();
    } finally {
      this.#state = this.#members.size === 0 ? 'over' : 'still';
      if (this.#state === 'over') this.#space.close();
    }
  }

  #attach(devices: readonly Device[]): void {
    const refusal = attachAll(this, devices);
    const attached = refusal === undefined ? devices : [];
    this.#stuck = [...this.stuck.filter((s) => !attached.includes(s.device)), ...(refusal?.stuck ?? [])];
    if (refusal !== undefined) throw refusalError(this, refusal);
  }

  #letGo(devices: readonly Device[]): void {
    const before = this.stuck.map((s) => s.device);
    this.#stuck = detachAll(this, [...before, ...devices]);
    if (this.#stuck.length > 0) throw stuckError(this, this.#stuck);
  }

  #devicesOf(group: AttachableGroup): Device[] {
    const devices = this.#members.get(group);
    if (devices !== undefined) return devices;
    throw new InvalidError({
      says: `group ${group.name} is not in domain ${this.name}`,
      next: 'attach the group first',
      operands: { group, domain: this },
    });
  }
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
