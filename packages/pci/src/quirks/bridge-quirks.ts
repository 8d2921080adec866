/**
 * @module Bridges that treat the requester ids of what is below them otherwise than their type says.
 */
import type { PciFunction } from '../facts/pci-function.ts';
import type { KernelRules } from '../kernel/series.ts';
import { NOT_EXPRESS, PORT } from '../topology/port-type.ts';

export interface BridgeQuirks {
  /** A conventional bridge that is a PCIe-to-PCI bridge in all but its capability: sends as secondary bus, 00.0. */
  readonly pcieBridgeAlias: boolean;
  /** A PCIe-to-PCI bridge that adds no id of its own. */
  readonly noAlias: boolean;
  /** DMA is translated here: no alias from above counts. The walk for ACS goes on. */
  readonly xlateRoot: boolean;
}

/** The bridge's surroundings. Port types as in PORT, or NOT_EXPRESS, or UNKNOWN_TYPE. */
export interface BridgeContext {
  readonly rules: KernelRules;
  readonly portType: number;
  readonly parent: PciFunction | undefined;
  readonly parentPortType: number;
  readonly onRootBus: boolean;
}

interface BridgeQuirkRow {
  readonly vendor: number;
  readonly device: number;
  readonly flag: keyof BridgeQuirks;
  readonly what: string;
  readonly source: string;
}

const row = (vendor: number, device: number, flag: keyof BridgeQuirks, what: string, name: string): BridgeQuirkRow =>
  Object.freeze({ vendor, device, flag, what, source: `drivers/pci/quirks.c:${name}` });

// biome-ignore format: a table
const BRIDGE_QUIRKS: readonly BridgeQuirkRow[] = Object.freeze([
  row(0x1b21, 0x1080, 'pcieBridgeAlias', 'ASMedia ASM1083/1085', 'quirk_use_pcie_bridge_dma_alias'),
  row(0x10e3, 0x8113, 'pcieBridgeAlias', 'Tundra 8113', 'quirk_use_pcie_bridge_dma_alias'),
  row(0x1283, 0x8892, 'pcieBridgeAlias', 'ITE 8892', 'quirk_use_pcie_bridge_dma_alias'),
  row(0x1283, 0x8893, 'pcieBridgeAlias', 'ITE 8893', 'quirk_use_pcie_bridge_dma_alias'),
  row(0x8086, 0x244e, 'pcieBridgeAlias', 'Intel 82801 PCI bridge', 'quirk_use_pcie_bridge_dma_alias'),
  row(0x14e4, 0x9000, 'xlateRoot', 'Broadcom Vulcan, Cavium ThunderX2', 'quirk_bridge_cavm_thrx2_pcie_root'),
  row(0x14e4, 0x9084, 'xlateRoot', 'Broadcom Vulcan, Cavium ThunderX2', 'quirk_bridge_cavm_thrx2_pcie_root'),
  row(0x1a03, 0x1150, 'noAlias', 'ASPEED AST1150', 'quirk_aspeed_pci_bridge_no_alias'),
]);

const NONE: BridgeQuirks = Object.freeze({ pcieBridgeAlias: false, noAlias: false, xlateRoot: false });
const SET: Readonly<Record<keyof BridgeQuirks, BridgeQuirks>> = Object.freeze({
  pcieBridgeAlias: Object.freeze({ ...NONE, pcieBridgeAlias: true }),
  noAlias: Object.freeze({ ...NONE, noAlias: true }),
  xlateRoot: Object.freeze({ ...NONE, xlateRoot: true }),
});

/** The flags of a bridge; a bridge whose ids are not known has none. */
export function bridgeQuirks(f: PciFunction, context: BridgeContext): BridgeQuirks {
  const match = BRIDGE_QUIRKS.find((r) => r.vendor === f.vendor && r.device === f.device);
  if (match === undefined) return NONE;
  switch (match.flag) {
    case 'pcieBridgeAlias':
      return isHiddenPcieBridge(f, context) ? SET.pcieBridgeAlias : NONE;
    case 'noAlias':
      return context.rules.astBridgeNoAlias ? SET.noAlias : NONE;
    case 'xlateRoot':
      return SET.xlateRoot;
  }
}

/** Without a PCI Express capability of its own, below a PCI Express bridge that is not itself a PCIe-to-PCI bridge. */
function isHiddenPcieBridge(f: PciFunction, context: BridgeContext): boolean {
  const { portType, parentPortType, onRootBus } = context;
  return (
    !onRootBus &&
    f.headerType === 1 &&
    portType === NOT_EXPRESS &&
    parentPortType >= 0 &&
    parentPortType !== PORT.expressToPci
  );
}
