/**
 * @module The requester ids under which a function's DMA can arrive at the IOMMU (pci_for_each_dma_alias).
 */
import { isUnknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { bridgeQuirks } from '../quirks/bridge-quirks.ts';
import { dmaAliasDoubt, dmaAliasMask, mayHaveDmaAliases } from '../quirks/dma-alias-quirks.ts';
import { NOT_EXPRESS, PORT, UNKNOWN_TYPE } from '../topology/port-type.ts';
import type { Topology } from '../topology/topology.ts';
import type { KernelRules } from './series.ts';

/** What a bridge does to the requester ids of what is below it. */
export type BridgeAlias =
  /** PCI Express ports pass them on. */
  | 'none'
  /** A PCIe-to-PCI bridge sends as device 0, function 0 of its secondary bus. */
  | 'secondary-bus'
  /** A conventional bridge sends under its own id. */
  | 'own-id'
  /** Translation happens here (ThunderX2); nothing above matters. */
  | 'root-of-translation';

const KINDS: readonly BridgeAlias[] = Object.freeze(['none', 'secondary-bus', 'own-id', 'root-of-translation']);

export interface Aliases {
  /** What function `i`, as a bridge, does to ids from below. */
  bridgeAlias(i: number): BridgeAlias;
  /** The nearest bridge above `i` that changes requester ids; -1 for none. */
  aliasBridgeAbove(i: number): number;
  /** Device and function numbers on the same bus that quirks say the function also uses; ascending. */
  mask(i: number): readonly number[];
  /** Adds an alias found while probing (IVRS). */
  addAlias(i: number, devfn: number): void;
  /** Functions on the bus of `i` that have a mask. */
  maskedOnBus(i: number): readonly number[];
  /** Functions whose mask may lack something (dmaAliasDoubt says why). */
  readonly doubtful: readonly number[];
}

const NO_ALIASES: readonly number[] = Object.freeze([]);

export function createAliases(topology: Topology, rules: KernelRules): Aliases {
  const { functions } = topology.machine;
  const kind = new Uint8Array(topology.count);
  const above = new Int32Array(topology.count);
  const masks = new Map<number, number[]>();
  const maskedByBus = new Map<number, number[]>();
  const doubtful: number[] = [];

  const remember = (i: number, devfns: readonly number[]): void => {
    const mine = masks.get(i);
    if (mine === undefined) {
      masks.set(i, [...devfns]);
      const bus = topology.busFrom[i] as number;
      const masked = maskedByBus.get(bus);
      if (masked === undefined) maskedByBus.set(bus, [i]);
      else masked.push(i);
    } else {
      for (const devfn of devfns) if (!mine.includes(devfn)) mine.push(devfn);
      mine.sort((a, b) => a - b);
    }
  };

  for (let i = 0; i < functions.length; i++) {
    const f = functions[i] as PciFunction;
    if (isBridge(f)) kind[i] = KINDS.indexOf(aliasKind(topology, i, rules));
    const parent = topology.parent[i] as number;
    above[i] =
      parent < 0 ? -1 : aliasAbove(KINDS[kind[parent] as number] as BridgeAlias, parent, above[parent] as number);
    if (!mayHaveDmaAliases(f)) continue;
    const devfns = dmaAliasMask(f, rules);
    if (devfns.length > 0) remember(i, devfns);
    if (dmaAliasDoubt(f, rules) !== undefined) doubtful.push(i);
  }

  return {
    bridgeAlias: (i) => KINDS[kind[i] as number] as BridgeAlias,
    aliasBridgeAbove: (i) => above[i] as number,
    mask: (i) => masks.get(i) ?? NO_ALIASES,
    addAlias: (i, devfn) => remember(i, [devfn]),
    maskedOnBus: (i) => maskedByBus.get(topology.busFrom[i] as number) ?? NO_ALIASES,
    doubtful,
  };
}

/** The bridge that changes ids from just below `parent`, which does `alias` to them; `further` is that of the parent itself. */
function aliasAbove(alias: BridgeAlias, parent: number, further: number): number {
  if (alias === 'none') return further;
  return alias === 'root-of-translation' ? -1 : parent;
}

function isBridge(f: PciFunction): boolean {
  return isUnknown(f.headerType) ? f.bridge !== null && !isUnknown(f.bridge) : f.headerType !== 0;
}

function aliasKind(topology: Topology, i: number, rules: KernelRules): BridgeAlias {
  const { functions } = topology.machine;
  const f = functions[i] as PciFunction;
  const quirks = bridgeQuirks(f, {
    rules,
    portType: topology.portType[i] as number,
    parent: f.parent < 0 ? undefined : (functions[f.parent] as PciFunction),
    parentPortType: f.parent < 0 ? NOT_EXPRESS : (topology.portType[f.parent] as number),
    onRootBus: topology.onRootBus[i] === 1,
  });
  if (quirks.xlateRoot) return 'root-of-translation';
  switch (topology.portType[i]) {
    case PORT.expressToPci:
      return quirks.noAlias ? 'none' : 'secondary-bus';
    case PORT.pciToExpress:
    case UNKNOWN_TYPE:
      return topology.portType[i] === UNKNOWN_TYPE ? 'none' : 'own-id';
    case NOT_EXPRESS:
      return quirks.pcieBridgeAlias ? 'secondary-bus' : 'own-id';
    default:
      return 'none';
  }
}

/** The id that an alias bridge sends under. */
export function bridgeRequesterId(bridge: PciFunction, alias: BridgeAlias): number | undefined {
  if (alias === 'own-id') return (bridge.bus << 8) | bridge.devfn;
  if (alias !== 'secondary-bus') return undefined;
  return isUnknown(bridge.bridge) || bridge.bridge === null ? undefined : bridge.bridge.secondary << 8;
}

/** All requester ids of function `i`, its own first, then quirk aliases, then those of bridges above. */
export function requesterIds(topology: Topology, aliases: Aliases, i: number): readonly number[] {
  const { functions } = topology.machine;
  const self = functions[i] as PciFunction;
  const at = self.dmaDevice >= 0 ? self.dmaDevice : i;
  const f = functions[at] as PciFunction;
  const ids = [(f.bus << 8) | f.devfn, ...aliases.mask(at).map((devfn) => (f.bus << 8) | devfn)];
  for (let b = aliases.aliasBridgeAbove(at); b >= 0; b = aliases.aliasBridgeAbove(b)) {
    const id = bridgeRequesterId(functions[b] as PciFunction, aliases.bridgeAlias(b));
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

/** pci_devs_are_dma_aliases, for two functions on one bus. */
export function areAliases(topology: Topology, aliases: Aliases, x: number, y: number): boolean {
  const fx = topology.machine.functions[x] as PciFunction;
  const fy = topology.machine.functions[y] as PciFunction;
  return (
    aliases.mask(x).includes(fy.devfn) || aliases.mask(y).includes(fx.devfn) || fx.dmaDevice === y || fy.dmaDevice === x
  );
}
