/**
 * @module Free addresses as ranges in ascending order.
 */
import type { AddressRange } from '../devices/address-ranges.ts';

/** Takes the first place that is large enough; undefined where there is none. */
export function takeFrom(free: AddressRange[], size: number, alignment: number): number | undefined {
  for (const [i, range] of free.entries()) {
    const base = Math.ceil(range.base / alignment) * alignment;
    if (base + size > range.base + range.size) continue;
    free.splice(i, 1, ...without(range, { base, size }));
    return base;
  }
  return undefined;
}

/** What is left of free ranges once those in use are taken out. */
export function freeBetween(free: readonly AddressRange[], used: readonly AddressRange[]): AddressRange[] {
  let left = [...free];
  for (const taken of used) left = left.flatMap((range) => without(range, taken));
  return left;
}

function without(range: AddressRange, taken: AddressRange): AddressRange[] {
  const end = range.base + range.size;
  const takenEnd = taken.base + taken.size;
  if (takenEnd <= range.base || taken.base >= end) return [range];
  const parts: AddressRange[] = [];
  if (taken.base > range.base) parts.push({ base: range.base, size: taken.base - range.base });
  if (takenEnd < end) parts.push({ base: takenEnd, size: end - takenEnd });
  return parts;
}
