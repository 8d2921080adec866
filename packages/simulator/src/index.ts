/**
 * @module A simulated machine, a router of PCIe packets that knows nothing of the isolation graph, and the proof that
 * both agree. No I/O.
 */

export { machineFrom } from './captured/machine-from.ts';
export { type AddressRange, forwardedRanges, type MemoryRange, memoryRanges } from './devices/address-ranges.ts';
export type { AcsRegisters, DeviceModel, Fabric, FabricFunction, Range, VendorStatement } from './fabric/fabric.ts';
export { fabricOfMachine } from './fabric/fabric-of-machine.ts';
export { createMachineRouter } from './fabric/machine-router.ts';
export type { Hop, Outcome, StopReason } from './fabric/outcome.ts';
export type { CompletionPacket, Packet, RequestPacket } from './fabric/packet.ts';
export { createRouter, type Router } from './fabric/router.ts';
export { FAULT, type Translation } from './fabric/translation.ts';
export type { FaultLog, UnitFault, UnitFaultReason } from './iommu/fault-log.ts';
export {
  createInterruptController,
  type InterruptController,
  type InterruptMessage,
  type InterruptOutcome,
} from './iommu/interrupts.ts';
export { type AtsAnswer, createIommu, type Iommu, type IommuOptions } from './iommu/iommu.ts';
export type { IommuKind } from './iommu/iommu-kind.ts';
export { createIommus, type MachineIommus } from './iommu/machine-iommus.ts';
export { formatRequester, requesterOf } from './iommu/requester.ts';
export type { Entry } from './iommu/requester-table.ts';
export { sharedOps, translationOf } from './iommu/units.ts';
export type {
  BarDescription,
  Description,
  FunctionDescription,
  FunctionOptions,
  IommuDescription,
  LinuxDescription,
  PortWord,
  ResetWord,
  RootBusDescription,
  Slot,
  VirtualFunctionsDescription,
} from './language/description.ts';
export { DescriptionError, type Place } from './language/description-error.ts';
export { parseDescription } from './language/parse-description.ts';
export { printDescription } from './language/print-description.ts';
export { randomDescription } from './language/random-description.ts';
export type { SimulatedDriver } from './machine/driver.ts';
export { simulate } from './machine/simulate.ts';
export type { SimulatedDevice, SimulatedFunction, SoftwareDevice } from './machine/simulated-device.ts';
export type { SimulatedMachine } from './machine/simulated-machine.ts';
export { givenGroups } from './proof/given-groups.ts';
export type { Reached } from './proof/judge.ts';
export { domainOfPage, HOST_PAGE, pageOfDomain, SHARED_ADDRESS } from './proof/memory-plan.ts';
export { type Escape, type Proof, prove, type Unshown } from './proof/prove.ts';
export { type ProvingGround, provingGround } from './proof/proving-ground.ts';
export { type ProofSubject, subjectOf } from './proof/subject.ts';
