/**
 * @module Finding functions by address, and by device and function number below a bridge.
 */
import type { PciFunction } from '../../facts/pci-function.ts';
import type { Topology } from '../../topology/topology.ts';

export interface FunctionIndex {
  at(segment: number, bus: number, devfn: number): number | undefined;
  childOf(bridge: number, devfn: number): number | undefined;
}

export function createFunctionIndex(topology: Topology): FunctionIndex {
  const { functions } = topology.machine;
  const key = (segment: number, bus: number, devfn: number): number => segment * 0x10000 + bus * 0x100 + devfn;
  // Made when first asked: most tables name no device.
  let byAddress: Map<number, number> | undefined;
  const addresses = (): Map<number, number> => {
    byAddress ??= new Map(functions.map((f, i) => [key(f.segment, f.bus, f.devfn), i]));
    return byAddress;
  };
  return {
    at: (segment, bus, devfn) => addresses().get(key(segment, bus, devfn)),
    childOf(bridge, devfn) {
      const first = topology.belowFrom[bridge] as number;
      const end = topology.belowTo[bridge] as number;
      for (let i = first; i < end && (functions[i] as PciFunction).parent === bridge; i++) {
        const f = functions[i] as PciFunction;
        if (f.devfn === devfn && f.physicalFunction < 0) return i;
      }
      return undefined;
    },
  };
}
