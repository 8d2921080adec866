/**
 * @module How the functions of a machine hang together: spans, corrected port types, multifunction flags. Flat arrays
 * by function index, made once for a machine, in time linear in its functions.
 */
import { isUnknown } from '../facts/fact.ts';
import type { Machine } from '../facts/machine.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { NOT_EXPRESS, PORT, UNKNOWN_TYPE } from './port-type.ts';

export interface Topology {
  readonly machine: Machine;
  readonly count: number;
  /** Corrected port type (PORT), or NOT_EXPRESS, or UNKNOWN_TYPE. */
  readonly portType: Int8Array;
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
}

export function analyseTopology(machine: Machine): Topology {
  const { functions } = machine;
  const count = functions.length;
  const portType = new Int8Array(count);
  const multifunction = new Int8Array(count);
  const busFrom = new Int32Array(count);
  const busTo = new Int32Array(count);
  const slotFrom = new Int32Array(count);
  const slotTo = new Int32Array(count);
  const belowFrom = new Int32Array(count);
  const belowTo = new Int32Array(count);
  const onRootBus = new Uint8Array(count);

  for (let i = 0; i < count; i++) {
    const f = functions[i] as PciFunction;
    portType[i] = correctedPortType(f, f.parent < 0 ? NOT_EXPRESS : (portType[f.parent] as number));
    onRootBus[i] = f.parent < 0 && f.physicalFunction < 0 ? 1 : 0;
  }
  markRuns(functions, busFrom, busTo, (a, b) => a.parent === b.parent && a.bus === b.bus && a.segment === b.segment);
  markRuns(
    functions,
    slotFrom,
    slotTo,
    (a, b) => a.parent === b.parent && a.bus === b.bus && a.segment === b.segment && a.devfn >> 3 === b.devfn >> 3,
  );
  for (let i = 0; i < count; i++) {
    multifunction[i] = multifunctionFlag(functions, i, slotFrom[i] as number, slotTo[i] as number, portType);
  }
  // Children come after their parents, so one pass from the end finds where each subtree ends.
  for (let i = count - 1; i >= 0; i--) {
    const parent = (functions[i] as PciFunction).parent;
    if ((belowTo[i] as number) === 0) belowFrom[i] = belowTo[i] = i + 1;
    if (parent < 0) continue;
    belowFrom[parent] = i;
    belowTo[parent] = Math.max(belowTo[parent] as number, belowTo[i] as number, i + 1);
  }
  return {
    machine,
    count,
    portType,
    multifunction,
    busFrom,
    busTo,
    slotFrom,
    slotTo,
    belowFrom,
    belowTo,
    onRootBus,
  };
}

/** Marks the runs of neighbours that `same` says belong together. */
function markRuns(
  functions: readonly PciFunction[],
  from: Int32Array,
  to: Int32Array,
  same: (a: PciFunction, b: PciFunction) => boolean,
): void {
  for (let start = 0; start < functions.length; ) {
    let end = start + 1;
    while (end < functions.length && same(functions[start] as PciFunction, functions[end] as PciFunction)) end++;
    from.fill(start, start, end);
    to.fill(end, start, end);
    start = end;
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

/**
 * The header's bit, corrected as the kernel does: virtual functions are never multifunction; a function with a number
 * above 0 that the scan of a slot found always is (with ARI the whole bus below a port is one slot).
 */
function multifunctionFlag(
  functions: readonly PciFunction[],
  i: number,
  slotFrom: number,
  slotTo: number,
  portType: Int8Array,
): number {
  const f = functions[i] as PciFunction;
  if (f.physicalFunction >= 0) return 0;
  if ((f.devfn & 7) > 0) return 1;
  if (f.devfn > 0 && f.parent >= 0 && hasAriSlot(functions[f.parent] as PciFunction, portType[f.parent] as number)) {
    return 1;
  }
  if (!isUnknown(f.multifunctionBit)) return f.multifunctionBit ? 1 : 0;
  // The scan looks for functions above 0 only where function 0 has the bit: their presence tells it.
  for (let j = slotFrom; j < slotTo; j++) {
    const other = functions[j] as PciFunction;
    if (other.physicalFunction < 0 && (other.devfn & 7) > 0) return 1;
  }
  return -1;
}

function hasAriSlot(bridge: PciFunction, type: number): boolean {
  if (type !== PORT.root && type !== PORT.downstream) return false;
  const { express } = bridge;
  return !isUnknown(express) && express !== null && express.ariForwarding === true;
}
