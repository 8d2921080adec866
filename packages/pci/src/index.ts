/**
 * @module Bytes to facts, the rules of the Linux kernel, and the providers of the interference graph. No I/O.
 */
export { decodeDmar } from './acpi/decode-dmar.ts';
export { decodeIort } from './acpi/decode-iort.ts';
export { decodeIvrs } from './acpi/decode-ivrs.ts';
export { decodeMcfg } from './acpi/decode-mcfg.ts';
export { decodeViot } from './acpi/decode-viot.ts';
export type { DeviceScope, DmarTable, Drhd, Rmrr } from './acpi/dmar.ts';
export type { IortNode, IortTable } from './acpi/iort.ts';
export type { Ivhd, IvhdEntry, IvrsTable } from './acpi/ivrs.ts';
export type { McfgTable } from './acpi/mcfg.ts';
export type { ViotTable } from './acpi/viot.ts';
export { type Analysis, type AnalysisOptions, analyse } from './analysis.ts';
export {
  ACS_CR,
  ACS_DT,
  ACS_EC,
  ACS_REQUIRED,
  ACS_RR,
  ACS_SV,
  ACS_TB,
  ACS_UF,
  acsBitNames,
} from './config-space/acs.ts';
export { type ConfigFacts, unknownConfigFacts } from './config-space/config-facts.ts';
export { decodeConfigSpace } from './config-space/decode-config-space.ts';
export { decodeFlattenedDeviceTree } from './device-tree/decode-flattened-device-tree.ts';
export type { DeviceTree } from './device-tree/device-tree.ts';
export { formatAddress, formatRequesterId, type PciAddress, parseAddress, requesterId } from './facts/address.ts';
export { assembleMachine, type LooseFunction, type MachineParts } from './facts/assemble-machine.ts';
export { type Diagnostic, diagnostic, formatDiagnostic } from './facts/diagnostic.ts';
export { type Fact, isUnknown, known, type Unknown, unknown } from './facts/fact.ts';
export type {
  FirmwareFacts,
  KernelFacts,
  KernelGroup,
  Machine,
  MachineSource,
  OtherDevice,
  ReservedRegion,
  RootBus,
} from './facts/machine.ts';
export type {
  AcsCapability,
  BridgeNumbers,
  ConfigSpace,
  ExpressCapability,
  HostFacts,
  PciFunction,
  SriovCapability,
  SwitchableCapability,
} from './facts/pci-function.ts';
export { type AcsContext, type AcsFinding, acsFinding } from './kernel/acs-rule.ts';
export { type Aliases, requesterIds } from './kernel/aliases.ts';
export {
  acsParametersFor,
  applyAcsParameters,
  enabledAcsControl,
} from './kernel/command-line/acs-control.ts';
export { matchesSelector, parseDeviceSelector } from './kernel/command-line/device-selector.ts';
export type { KernelOptions } from './kernel/command-line/kernel-options.ts';
export { parseKernelCommandLine } from './kernel/command-line/parse-kernel-command-line.ts';
export {
  comparePartitions,
  type PartitionComparison,
  type PartitionDifference,
} from './kernel/compare-partitions.ts';
export type { Coverage, IommuUnit, NoIommu } from './kernel/coverage/coverage.ts';
export type { Join } from './kernel/group-decision.ts';
export { type Outcomes, partitionKey, possibleOutcomes } from './kernel/outcomes.ts';
export { type Replay, replay } from './kernel/replay.ts';
export {
  atLeast,
  KERNEL_SERIES,
  type KernelRelease,
  type KernelRules,
  parseKernelRelease,
  rulesOf,
} from './kernel/series.ts';
export { REDIRECT, redirection } from './providers/fabric/redirection.ts';
export { resetOf } from './providers/fabric/shared-reset.ts';
export { type InterruptIsolation, interruptIsolation } from './providers/interrupt-remapping.ts';
export { buildGraph } from './providers/machine-graph.ts';
export { type AcsQuirkContext, acsQuirkOpinion } from './quirks/acs-opinion.ts';
export { noAts } from './quirks/ats-quirks.ts';
export { bridgeQuirks } from './quirks/bridge-quirks.ts';
export { dmaAliasMask } from './quirks/dma-alias-quirks.ts';
export { type CapturedDevice, type CapturedMachine, createCapturedMachine } from './registry/captured-machine.ts';
export type { PciFacts } from './registry/pci-facts.ts';
export { createPciProvider } from './registry/pci-provider.ts';
export { NOT_EXPRESS, PORT, portTypeName, UNKNOWN_TYPE } from './topology/port-type.ts';
export { analyseTopology, type Topology } from './topology/topology.ts';
