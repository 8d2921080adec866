/**
 * @module The provider for bus `pci`: fabric, IOMMU coverage, interrupts, firmware memory, ATS, for one segment at a time.
 */
import type { IsolationProvider, Sighting } from '@isogroups/core';
import { known } from '../facts/fact.ts';
import { segmentAt } from '../facts/piece.ts';
import { parseKernelCommandLine } from '../kernel/command-line/parse-kernel-command-line.ts';
import { parseKernelRelease, rulesOf } from '../kernel/series.ts';
import type { PciFacts } from './pci-facts.ts';
import { createSegmentZones } from './segment-zones.ts';
import { type KernelOfMachine, type ZoneGraph, zoneGraph } from './zone-graph.ts';
import { createZoneMachines, type ZoneMachines } from './zone-machines.ts';

/**
 * ```ts
 * registry.registerProvider('pci', createPciProvider(machine));
 * ```
 * A change costs what the device's segment costs. A device whose facts cannot be had is not seen, so it counts as one with
 * what it sits on.
 */
export function createPciProvider(facts: PciFacts): IsolationProvider {
  const zones = createSegmentZones(facts.firmware);
  const machines = createZoneMachines(facts, zones);
  const kernel: KernelOfMachine = {
    rules: rulesOf(parseKernelRelease(known(facts.kernel.release), known(facts.kernel.version))),
    options: parseKernelCommandLine(known(facts.kernel.commandLine) ?? ''),
  };
  return {
    name: 'PCI',
    deviceAdded(device) {
      const f = facts.factsOf(device);
      if (f === undefined) return undefined;
      machines.added(zones.add(device, f));
      return sightingOf(kernel, machines, zones.zoneOf(f.segment));
    },
    deviceRemoved(device) {
      const segment = zones.segmentOf(device);
      if (segment === undefined) return [];
      const before = zones.zoneOf(segment);
      zones.remove(device);
      machines.removed(device);
      const left: Sighting[] = [];
      const told = new Set<number>();
      for (const s of before) {
        if (told.has(s) || zones.isEmpty(s)) continue;
        const zone = zones.zoneOf(s);
        for (const member of zone) told.add(member);
        left.push(sightingOf(kernel, machines, zone));
      }
      return left;
    },
  };
}

/** Nothing is computed before somebody looks: while a bus is played back only the last sighting of a zone counts. */
function sightingOf(kernel: KernelOfMachine, machines: ZoneMachines, segments: readonly number[]): Sighting {
  let made: ZoneGraph | undefined;
  const look = (): ZoneGraph => {
    if (made === undefined) {
      const inside = new Set(segments);
      made = zoneGraph(kernel, machines.machineOf(segments), ({ place }) => inside.has(segmentAt(place)));
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
