/**
 * @module Which functions share a bus, which are peers of one device or switch, and what is below what. Flat arrays by
 * function, made once for a fabric.
 */
import { NOT_EXPRESS, PORT, UNKNOWN_TYPE } from '@isogroups/pci';
import type { Fabric, FabricFunction } from './fabric.ts';

export interface Wiring {
  /** Functions on the same bus: `busFrom[i]` up to `busTo[i]`. */
  readonly busFrom: Int32Array;
  readonly busTo: Int32Array;
  /** Where what is on the bus, or below it, ends. */
  readonly busEnd: Int32Array;
  /** Functions that can be peers: of one device, or the ports of one switch. */
  readonly peersFrom: Int32Array;
  readonly peersTo: Int32Array;
  /** All that is below a bridge; empty for others. */
  readonly belowFrom: Int32Array;
  readonly belowTo: Int32Array;
  /** 1: the bus that the function is on is conventional PCI, wires that all share. */
  readonly shared: Uint8Array;
}

export function wire({ functions, conventionalRoots }: Fabric): Wiring {
  const count = functions.length;
  const at = (i: number): FabricFunction => functions[i] as FabricFunction;
  const [busFrom, busTo] = runs(functions, (a, b) => a.segment === b.segment && a.bus === b.bus);
  const [slotFrom, slotTo] = runs(
    functions,
    (a, b) => a.segment === b.segment && a.bus === b.bus && a.devfn >> 3 === b.devfn >> 3,
  );
  const peersFrom = new Int32Array(count);
  const peersTo = new Int32Array(count);
  const shared = new Uint8Array(count);
  const belowFrom = new Int32Array(count);
  const belowTo = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const { parent } = at(i);
    const whole = parent >= 0 && isOneDevice(at(parent));
    peersFrom[i] = (whole ? busFrom[i] : slotFrom[i]) as number;
    peersTo[i] = (whole ? busTo[i] : slotTo[i]) as number;
    const isShared = parent >= 0 ? leadsToConventional(at(parent)) : conventionalRoots && isConventionalRun(i);
    shared[i] = isShared ? 1 : 0;
  }
  for (let i = count - 1; i >= 0; i--) {
    const { parent } = at(i);
    if (belowTo[i] === 0) belowFrom[i] = belowTo[i] = i + 1;
    if (parent < 0) continue;
    belowFrom[parent] = i;
    belowTo[parent] = Math.max(belowTo[parent] as number, belowTo[i] as number);
  }
  const busEnd = busTo.slice();
  for (let from = 0; from < count; from = busTo[from] as number) {
    const to = busTo[from] as number;
    // Bridge by bridge, what is below follows in order.
    let end = to;
    for (let i = from; i < to; i++) end = Math.max(end, belowTo[i] as number);
    busEnd.fill(end, from, to);
  }
  return { busFrom, busTo, busEnd, peersFrom, peersTo, belowFrom, belowTo, shared };

  /** A root bus with PCI Express on it is none of shared wires. */
  function isConventionalRun(i: number): boolean {
    for (let k = busFrom[i] as number; k < (busTo[i] as number); k++) if (at(k).type !== NOT_EXPRESS) return false;
    return true;
  }
}

/** The bus inside a switch joins its ports; with ARI all functions below a port are one device. */
function isOneDevice(bridge: FabricFunction): boolean {
  return bridge.type === PORT.upstream || bridge.type === UNKNOWN_TYPE || bridge.ariForwarding;
}

function leadsToConventional(bridge: FabricFunction): boolean {
  if (bridge.type === PORT.expressToPci) return true;
  return bridge.type === NOT_EXPRESS && bridge.model.ownership !== 'passes';
}

/** The run of neighbours, with the same bridge above, that `same` says belong together. */
function runs(
  functions: readonly FabricFunction[],
  same: (a: FabricFunction, b: FabricFunction) => boolean,
): readonly [from: Int32Array, to: Int32Array] {
  const from = new Int32Array(functions.length);
  const to = new Int32Array(functions.length);
  for (let start = 0; start < functions.length; ) {
    const first = functions[start] as FabricFunction;
    let end = start + 1;
    for (let f = functions[end]; f !== undefined && f.parent === first.parent && same(first, f); f = functions[end])
      end++;
    from.fill(start, start, end);
    to.fill(end, start, end);
    start = end;
  }
  return [from, to];
}
