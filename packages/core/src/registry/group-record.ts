/**
 * @module Groups as the registry keeps them, and the handle that it gives out.
 */
import type { Device } from '../device.ts';
import type { Domain, DomainChange } from '../domain/domain.ts';
import type { IommuOps } from '../domain/iommu-ops.ts';
import type { Group } from './group.ts';
import { dropName } from './names.ts';
import type { GroupRecord } from './records.ts';
import type { RegistryState } from './state.ts';
import { uuidV5 } from './uuid/uuid-v5.ts';

/** What a handle can be asked to do; other modules of this folder do it. */
export interface GroupOperations {
  addDevice(state: RegistryState, group: GroupRecord, device: Device): void;
  removeDevice(state: RegistryState, group: GroupRecord, device: Device): void;
  setIommuOps(state: RegistryState, group: GroupRecord, ops: IommuOps): void;
  createDomain(state: RegistryState, group: GroupRecord): Domain;
  releaseDomain(state: RegistryState, group: GroupRecord): void;
  aroundDomainChange(
    state: RegistryState,
    group: GroupRecord,
    domain: Domain,
    what: DomainChange,
    change: () => void,
  ): void;
}

/** A group without devices, and still without a name. */
export function createGroupRecord(state: RegistryState, made?: GroupRecord['made']): GroupRecord {
  const group: GroupRecord = {
    serial: state.nextSerial++,
    made,
    baseName: '',
    name: '',
    uuid: undefined,
    present: true,
    records: [],
    claim: undefined,
    domain: undefined,
    iommuOps: undefined,
    handle: undefined,
  };
  state.groups.add(group);
  return group;
}

export function freeGroupRecord(state: RegistryState, group: GroupRecord): void {
  dropName(state, group);
  state.groups.delete(group);
  group.claim?.groups.delete(group);
  group.present = false;
}

export function handleOf(state: RegistryState, group: GroupRecord): Group {
  group.handle ??= makeHandle(state, group);
  return group.handle;
}

/** The IOMMU above a group: what it was given, or what the registry was told of its devices. */
export function iommuOpsOf(state: RegistryState, group: GroupRecord): IommuOps | undefined {
  if (group.iommuOps !== undefined) return group.iommuOps;
  const { iommuOpsOf: find } = state.options;
  for (const record of find === undefined ? [] : group.records) {
    const ops = find?.(record.device);
    if (ops !== undefined) return ops;
  }
  return undefined;
}

function makeHandle(state: RegistryState, group: GroupRecord): Group {
  const { groupOperations: operations } = state;
  const handle: Group = {
    get name() {
      return group.name;
    },
    get uuid() {
      group.uuid ??= uuidV5(group.name);
      return group.uuid;
    },
    get present() {
      return group.present;
    },
    get devices() {
      return group.records.map((record) => record.device);
    },
    get claim() {
      return group.claim?.handle;
    },
    get manager() {
      return group.claim?.manager;
    },
    get domain(): Domain | undefined {
      return group.domain;
    },
    // The domain writes it, as it does for any group.
    set domain(domain: Domain | undefined) {
      group.domain = domain;
    },
    get iommuOps() {
      return iommuOpsOf(state, group);
    },
    addDevice: (device) => operations.addDevice(state, group, device),
    removeDevice: (device) => operations.removeDevice(state, group, device),
    setIommuOps: (ops) => operations.setIommuOps(state, group, ops),
    createDomain: () => operations.createDomain(state, group),
    releaseDomain: () => operations.releaseDomain(state, group),
    aroundDomainChange: (domain, what, change) => operations.aroundDomainChange(state, group, domain, what, change),
  };
  state.recordOfGroup.set(handle, group);
  return Object.freeze(handle);
}
