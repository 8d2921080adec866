/**
 * @module The provider for bus `pci`: fabric, IOMMU coverage, interrupts, firmware memory, ATS, for one segment at a time.
 */
import type { Device, IsolationProvider, Sighting } from '@isogroups/core';
import { known } from '../facts/fact.ts';
import { parseKernelCommandLine } from '../kernel/command-line/parse-kernel-command-line.ts';
import { parseKernelRelease, rulesOf } from '../kernel/series.ts';
import { bearsOnTheMachine } from './machine-wide.ts';
import type { PciFacts } from './pci-facts.ts';
import { createSegmentZones, type Member, type SegmentZones } from './segment-zones.ts';
import { type KernelOfMachine, type ZoneGraph, zoneGraph } from './zone-graph.ts';

/**
 * ```ts
 * registry.registerProvider('pci', createPciProvider(machine));
 * ```
 * A change costs what the device's segment costs. A device whose facts cannot be had is not seen, so it counts as one with
 * what it sits on.
 */
export function createPciProvider(facts: PciFacts): IsolationProvider {
  const zones = createSegmentZones(facts.firmware);
  /** Functions of the machine that matter to zones other than their own. */
  const wide = new Map<Device, Member>();
  const kernel: KernelOfMachine = {
    rules: rulesOf(parseKernelRelease(known(facts.kernel.release), known(facts.kernel.version))),
    options: parseKernelCommandLine(known(facts.kernel.commandLine) ?? ''),
  };
  return {
    name: 'PCI',
    deviceAdded(device) {
      const f = facts.factsOf(device);
      if (f === undefined) return undefined;
      const member = zones.add(device, f);
      if (bearsOnTheMachine(f)) wide.set(device, member);
      return sightingOf(facts, kernel, zones, wide, zones.zoneOf(f.segment));
    },
    deviceRemoved(device) {
      const segment = zones.segmentOf(device);
      if (segment === undefined) return [];
      const before = zones.zoneOf(segment);
      zones.remove(device);
      wide.delete(device);
      const left: Sighting[] = [];
      const told = new Set<number>();
      for (const s of before) {
        if (told.has(s) || zones.isEmpty(s)) continue;
        const zone = zones.zoneOf(s);
        for (const member of zone) told.add(member);
        left.push(sightingOf(facts, kernel, zones, wide, zone));
      }
      return left;
    },
  };
}

/** Nothing is computed before somebody looks: while a bus is played back only the last sighting of a zone counts. */
function sightingOf(
  facts: PciFacts,
  kernel: KernelOfMachine,
  zones: SegmentZones,
  wide: ReadonlyMap<Device, Member>,
  segments: readonly number[],
): Sighting {
  let made: ZoneGraph | undefined;
  const look = (): ZoneGraph => {
    if (made === undefined) {
      const members = segments.flatMap((segment) => [...zones.membersOf(segment)]);
      const inside = new Set(segments);
      const elsewhere = [...wide.values()].filter(({ facts: f }) => !inside.has(f.segment));
      made = zoneGraph(facts, kernel, members, elsewhere);
    }
    return made;
  };
  return {
    get devices() {
      return look().devices;
    },
    graph: () => look().graph(),
  };
}
