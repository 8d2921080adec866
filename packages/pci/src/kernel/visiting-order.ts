/**
 * @module In which order Linux offers devices to the IOMMU drivers. Group numbers, and sometimes members, follow from it.
 */
import { parseAddress } from '../facts/address.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import type { Topology } from '../topology/topology.ts';
import { createFunctionIndex } from './coverage/function-index.ts';

/** Functions in the order of the PCI device list at boot: those found by enumeration, without what arrives later. */
export function bootOrder(topology: Topology, breadthFirst: boolean): Int32Array {
  const { functions } = topology.machine;
  const order = chosen(lateComers(topology), 0);
  if (breadthFirst) {
    const key = (i: number): number => {
      const f = functions[i] as PciFunction;
      return (f.segment * 256 + f.bus) * 256 + f.devfn;
    };
    order.sort((a, b) => key(a) - key(b));
  }
  return order;
}

/** Functions that arrive later, in tree order. */
export function lateOrder(topology: Topology): Int32Array {
  return chosen(lateComers(topology), 1);
}

/** Virtual functions and the children of VMD appear when a driver makes them, long after the IOMMU drivers started. */
function lateComers({ isVirtual, vmdChildren }: Topology): Uint8Array {
  const late = isVirtual.slice();
  for (const i of vmdChildren) late[i] = 1;
  return late;
}

/** The indices at which the marks are `wanted`. */
function chosen(marks: Uint8Array, wanted: 0 | 1): Int32Array {
  const indices = new Int32Array(marks.length);
  let count = 0;
  for (let i = 0; i < marks.length; i++) if (marks[i] === wanted) indices[count++] = i;
  return indices.subarray(0, count);
}

/** A device got a group, or lost it, as the kernel's log tells. Group numbers in the log are not looked at. */
export type LogEvent =
  | { readonly kind: 'add'; readonly function: number }
  | { readonly kind: 'remove'; readonly function: number }
  /** A device that is no PCI function of the machine took part. */
  | { readonly kind: 'add-other' | 'remove-other'; readonly name: string };

const LINE = /(\S+): (Adding to|Removing from) iommu group \d+/;

export function eventsOfLog(topology: Topology, log: readonly string[]): readonly LogEvent[] {
  const find = createFunctionIndex(topology);
  const events: LogEvent[] = [];
  for (const line of log) {
    const m = line.includes(' iommu group ') ? LINE.exec(line) : null;
    if (m === null) continue;
    const name = m[1] as string;
    const adding = m[2] === 'Adding to';
    const address = parseAddress(name);
    const i = address === undefined ? undefined : find.at(address.segment, address.bus, address.devfn);
    if (i === undefined) events.push({ kind: adding ? 'add-other' : 'remove-other', name });
    else events.push({ kind: adding ? 'add' : 'remove', function: i });
  }
  return events;
}
