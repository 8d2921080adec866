/**
 * @module Whether the addresses of a machine make sense: nothing twice, everything aligned and inside the windows above.
 */
import { expect } from 'vitest';
import { forwardedRanges, memoryRanges } from '../devices/address-ranges.ts';
import type { SimulatedMachine } from '../machine/simulated-machine.ts';

export function expectDisjointAddresses(machine: SimulatedMachine): void {
  const ranges = machine.functions.flatMap((f) => memoryRanges(f).map((range) => ({ f, ...range })));
  ranges.sort((a, b) => a.base - b.base);
  for (const [i, a] of ranges.entries()) {
    expect(a.base % a.size, a.f.name).toBe(0);
    for (let k = i + 1; k < ranges.length; k++) {
      const b = ranges[k] as (typeof ranges)[number];
      if (b.base >= a.base + a.size) break;
      // What is behind a VMD is within the ranges of the VMD.
      expect(b.f.dmaFunction, `${a.f.name} and ${b.f.name} overlap`).toBe(a.f);
    }
    for (let up = a.f.parent; up !== undefined; up = up.parent) {
      const windows = forwardedRanges(up) ?? [];
      const isInside = windows.some((w) => w.base <= a.base && a.base + a.size <= w.base + w.size);
      expect(isInside, `${a.f.name} is outside of the windows of ${up.name}`).toBe(true);
    }
  }
}
