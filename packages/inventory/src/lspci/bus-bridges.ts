/**
 * @module The bridge above each bus, from the bus numbers that bridges hold.
 */
import { isUnknown } from '@isogroups/pci';
import type { PlacedFunction } from './addresses.ts';

interface BusBridge {
  readonly bridge: PlacedFunction;
  /** False: the bus is only within the bridge's range. It is virtual (of VFs), or the bridge between is not listed. */
  readonly direct: boolean;
}

interface BusRange {
  readonly first: number;
  readonly last: number;
  readonly bridge: PlacedFunction;
}

/** The bridge above a bus; `undefined` for a root bus. */
export type BusBridges = (segment: number, bus: number) => BusBridge | undefined;

export function busBridges(placed: readonly PlacedFunction[]): BusBridges {
  const direct = new Map<number, PlacedFunction>();
  const ranges = new Map<number, BusRange[]>();
  for (const p of placed) {
    const numbers = p.described.facts.bridge;
    // Secondary 0: nobody has numbered the bus yet. Its own bus: nonsense that would make the bridge its own parent.
    if (isUnknown(numbers) || numbers === null || numbers.secondary === 0) continue;
    if (numbers.secondary === p.address.bus) continue;
    const key = busKey(p.address.segment, numbers.secondary);
    if (!direct.has(key)) direct.set(key, p);
    const inSegment = ranges.get(p.address.segment) ?? [];
    inSegment.push({ first: numbers.secondary, last: numbers.subordinate, bridge: p });
    ranges.set(p.address.segment, inSegment);
  }
  // The narrowest range is the innermost bridge.
  for (const list of ranges.values()) list.sort((a, b) => a.last - a.first - (b.last - b.first));
  const remembered = new Map<number, BusBridge | undefined>();
  return (segment, bus) => {
    const key = busKey(segment, bus);
    if (!remembered.has(key)) {
      const above = direct.get(key);
      const around = above ?? ranges.get(segment)?.find((r) => r.first < bus && bus <= r.last)?.bridge;
      remembered.set(key, around === undefined ? undefined : { bridge: around, direct: above !== undefined });
    }
    return remembered.get(key);
  };
}

const busKey = (segment: number, bus: number): number => segment * 256 + bus;
