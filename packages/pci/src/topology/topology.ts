/**
 * @module How the functions of a machine hang together: spans, corrected port types, multifunction flags. Flat arrays
 * by function index, made once for a machine, in time linear in its functions.
 */
import { isUnknown } from '../facts/fact.ts';
import type { Machine } from '../facts/machine.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { NOT_EXPRESS, PORT, UNKNOWN_TYPE } from './port-type.ts';
import { ROLE, roleOf } from './role.ts';

export interface Topology {
  readonly machine: Machine;
  readonly count: number;
  /** Index of the bridge above; -1 on a root bus. */
  readonly parent: Int32Array;
  /** Corrected port type (PORT), or NOT_EXPRESS, or UNKNOWN_TYPE. */
  readonly portType: Int8Array;
  /** What the function is for the fabric (ROLE). */
  readonly role: Uint8Array;
  /** 1 for a virtual function. */
  readonly isVirtual: Uint8Array;
  /** 1 for a port that forwards by ARI: the bus below it is one slot of up to 256 functions. */
  readonly forwardsAri: Uint8Array;
  /** 1 multifunction, 0 not, -1 unknown: the flag as the kernel has it after enumeration. */
  readonly multifunction: Int8Array;
  /** Functions on the same bus object: `busFrom[i]` up to `busTo[i]`. */
  readonly busFrom: Int32Array;
  readonly busTo: Int32Array;
  /** Functions in the same slot (bus and device number), virtual functions left out of the count but inside the span. */
  readonly slotFrom: Int32Array;
  readonly slotTo: Int32Array;
  /** All that is below a bridge: `belowFrom[i]` up to `belowTo[i]`; empty for others. */
  readonly belowFrom: Int32Array;
  readonly belowTo: Int32Array;
  /** Whether the bus of the function is a root bus. */
  readonly onRootBus: Uint8Array;
  /** Functions that have an ATS capability, or of which that could not be read. */
  readonly maybeAts: readonly number[];
  /** Functions whose DMA carries the requester id of another (children of Intel VMD). */
  readonly vmdChildren: readonly number[];
}

export function analyseTopology(machine: Machine): Topology {
  const { functions } = machine;
  const count = functions.length;
  const maybeAts: number[] = [];
  const vmdChildren: number[] = [];
  const topology: Topology = {
    machine,
    count,
    parent: new Int32Array(count),
    portType: new Int8Array(count),
    role: new Uint8Array(count),
    isVirtual: new Uint8Array(count),
    forwardsAri: new Uint8Array(count),
    multifunction: new Int8Array(count),
    busFrom: new Int32Array(count),
    busTo: new Int32Array(count),
    slotFrom: new Int32Array(count),
    slotTo: new Int32Array(count),
    belowFrom: new Int32Array(count),
    belowTo: new Int32Array(count),
    onRootBus: new Uint8Array(count),
    maybeAts,
    vmdChildren,
  };
  const { parent, portType, role, isVirtual, forwardsAri, multifunction, busFrom, slotFrom, onRootBus } = topology;

  // Each function is looked at once: those of a large machine fit into no cache, the arrays nearly do.
  let bus = 0;
  let slot = 0;
  let before: PciFunction | undefined;
  for (let i = 0; i < count; i++) {
    const f = functions[i] as PciFunction;
    const above = f.parent;
    parent[i] = above;
    portType[i] = correctedPortType(f, above < 0 ? NOT_EXPRESS : (portType[above] as number));
    role[i] = roleOf(f);
    isVirtual[i] = f.physicalFunction >= 0 ? 1 : 0;
    forwardsAri[i] = hasAriForwarding(f) ? 1 : 0;
    multifunction[i] = multifunctionFlag(f, above >= 0 && hasAriSlot(topology, above));
    onRootBus[i] = above < 0 && f.physicalFunction < 0 ? 1 : 0;
    if (f.ats !== null) maybeAts.push(i);
    if (f.dmaDevice >= 0) vmdChildren.push(i);
    if (before === undefined || !onSameBus(before, f)) bus = slot = i;
    else if (before.devfn >> 3 !== f.devfn >> 3) slot = i;
    busFrom[i] = bus;
    slotFrom[i] = slot;
    before = f;
  }
  endRuns(busFrom, topology.busTo);
  endRuns(slotFrom, topology.slotTo);
  settleMultifunction(topology);
  spanSubtrees(topology);
  return topology;
}

const onSameBus = (a: PciFunction, b: PciFunction): boolean =>
  a.parent === b.parent && a.bus === b.bus && a.segment === b.segment;

/** From where each run starts to where it ends. */
function endRuns(from: Int32Array, to: Int32Array): void {
  for (let i = from.length - 1, end = from.length; i >= 0; i--) {
    to[i] = end;
    if (from[i] === i) end = i;
  }
}

/** Children come after their parents, so one pass from the end finds where each subtree ends. */
function spanSubtrees({ count, parent, belowFrom, belowTo }: Topology): void {
  for (let i = count - 1; i >= 0; i--) {
    if (belowTo[i] === 0) belowFrom[i] = belowTo[i] = i + 1;
    const above = parent[i] as number;
    if (above < 0) continue;
    belowFrom[above] = i;
    belowTo[above] = Math.max(belowTo[above] as number, belowTo[i] as number, i + 1);
  }
}

/**
 * Some switches report the wrong direction. Linux (set_pcie_port_type) re-types a "downstream" port below a port that
 * itself faces downstream to upstream, and an "upstream" port below an upstream port to downstream.
 */
function correctedPortType(f: PciFunction, parentType: number): number {
  if (isUnknown(f.express)) return UNKNOWN_TYPE;
  if (f.express === null) return NOT_EXPRESS;
  const { type } = f.express;
  const parentFacesDownstream =
    parentType === PORT.root || parentType === PORT.downstream || parentType === PORT.pciToExpress;
  if (type === PORT.downstream && parentFacesDownstream) return PORT.upstream;
  if (type === PORT.upstream && parentType === PORT.upstream) return PORT.downstream;
  return type;
}

function hasAriForwarding({ express }: PciFunction): boolean {
  return express !== null && !isUnknown(express) && express.ariForwarding === true;
}

/** With ARI the whole bus below a port is one slot. */
function hasAriSlot({ portType, forwardsAri }: Topology, bridge: number): boolean {
  const type = portType[bridge];
  return (type === PORT.root || type === PORT.downstream) && forwardsAri[bridge] === 1;
}

/**
 * The header's bit, corrected as the kernel does: virtual functions are never multifunction; a function with a number
 * above 0 that the scan of a slot found always is.
 */
function multifunctionFlag(f: PciFunction, inAriSlot: boolean): 1 | 0 | -1 {
  if (f.physicalFunction >= 0) return 0;
  if ((f.devfn & 7) > 0 || (f.devfn > 0 && inAriSlot)) return 1;
  if (isUnknown(f.multifunctionBit)) return -1;
  return f.multifunctionBit ? 1 : 0;
}

/** The scan looks for functions above 0 only where function 0 has the bit: their presence tells a bit that was not read. */
function settleMultifunction({ machine, multifunction, isVirtual, slotTo }: Topology): void {
  for (let i = multifunction.indexOf(-1); i >= 0; i = multifunction.indexOf(-1, i + 1)) {
    for (let j = i + 1; j < (slotTo[i] as number); j++) {
      const other = machine.functions[j] as PciFunction;
      if (isVirtual[j] === 0 && (other.devfn & 7) > 0) multifunction[i] = 1;
    }
  }
}

/** Whether anything is below the function. */
export function hasBelow({ belowFrom, belowTo }: Topology, i: number): boolean {
  return (belowFrom[i] as number) < (belowTo[i] as number);
}

/** Whether the function has the header of a bridge (type 1), so that others' requests pass through it. */
export function isPort({ role }: Topology, i: number): boolean {
  return role[i] === ROLE.port;
}
