/**
 * @module The isolation model: parties, interferences, policies, groups. No dependency, no I/O.
 */
export { type ChainEnd, type ChainStep, shortestChain } from './chain.ts';
export { type DendrogramNode, dendrogram } from './dendrogram.ts';
export type { Device, Driver } from './device.ts';
export type { AddressSpace, Mapping, Resolution, Usage } from './domain/address-space.ts';
export type { StuckDevice } from './domain/attachment.ts';
export { type AttachableGroup, createDomain, type Domain, releaseDomain } from './domain/domain.ts';
export { type Fault, type FaultListener, type FaultReason, isFault } from './domain/fault.ts';
export type { IommuOps, ReservedRegion } from './domain/iommu-ops.ts';
export { type Access, allows, type Protection } from './domain/protection.ts';
export {
  BusyError,
  type Complaint,
  type Errno,
  ExistsError,
  InvalidError,
  IoError,
  IsolationError,
  NoDeviceError,
  NoMemoryError,
  NotPermittedError,
  NotSupportedError,
  OutOfRangeError,
} from './errors.ts';
export { type InterferenceGraph, interferencesOf, type Parties } from './graph.ts';
export {
  type Evidence,
  type Interference,
  joins,
  type Place,
  type Remedy,
  type Span,
  spansHold,
  type Undecided,
} from './interference.ts';
export { INTERFERENCE_KINDS, type InterferenceKind, isInterferenceKind, KIND_FACTS, type KindFacts } from './kinds.ts';
export {
  assignability,
  edgesOfGroup,
  groupName,
  membersOf,
  type Partition,
  partition,
} from './partition.ts';
export {
  type Acceptance,
  accepts,
  extendPolicy,
  isPolicyError,
  POLICIES,
  type Policy,
  type PolicyError,
  type PolicyName,
  parseAcceptances,
  placeName,
} from './policy.ts';
export type { Blocker, Claim } from './registry/claim.ts';
export { createRegistry } from './registry/create-registry.ts';
export type { DeviceListener, DeviceModel } from './registry/device-model.ts';
export { disabledRegistry } from './registry/disabled-registry.ts';
export type { RegistryEvent, RegistryListener } from './registry/events.ts';
export type { Group } from './registry/group.ts';
export { createManager, type Manager, type ManagerCallbacks, type ManagerRequest } from './registry/manager.ts';
export type { Link, Obstacle } from './registry/obstacle.ts';
export type { IsolationProvider, Sighting } from './registry/provider.ts';
export type { Quarantine } from './registry/quarantine.ts';
export type { GroupRequest, Registry, RegistryOptions } from './registry/registry.ts';
export type { RegistryTree, TreeFile, TreeLink } from './registry/tree.ts';
export { GROUP_NAMESPACE, uuidV5 } from './registry/uuid/uuid-v5.ts';
