/**
 * @module The provider for bus `pci`: fabric, IOMMU coverage, interrupts, firmware memory, ATS, for one segment at a time.
 */
import type { Device, IsolationProvider, Sighting } from '@isogroups/core';
import type { Assembly } from '../facts/assemble-machine.ts';
import { known } from '../facts/fact.ts';
import type { MachineSource } from '../facts/machine.ts';
import { segmentAt } from '../facts/piece.ts';
import { reassemble } from '../facts/reassemble.ts';
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
  const knowledge: Knowledge = {
    facts,
    kernel: {
      rules: rulesOf(parseKernelRelease(known(facts.kernel.release), known(facts.kernel.version))),
      options: parseKernelCommandLine(known(facts.kernel.commandLine) ?? ''),
    },
    zones,
    wide: new Map(),
    assembled: new Map(),
  };
  const { wide, assembled } = knowledge;
  return {
    name: 'PCI',
    deviceAdded(device) {
      const f = facts.factsOf(device);
      if (f === undefined) return undefined;
      const member = zones.add(device, f);
      if (bearsOnTheMachine(f)) wide.set(device, member);
      return sightingOf(knowledge, zones.zoneOf(f.segment));
    },
    deviceRemoved(device) {
      const segment = zones.segmentOf(device);
      if (segment === undefined) return [];
      const before = zones.zoneOf(segment);
      zones.remove(device);
      wide.delete(device);
      if (zones.isEmpty(segment)) assembled.delete(segment);
      const left: Sighting[] = [];
      const told = new Set<number>();
      for (const s of before) {
        if (told.has(s) || zones.isEmpty(s)) continue;
        const zone = zones.zoneOf(s);
        for (const member of zone) told.add(member);
        left.push(sightingOf(knowledge, zone));
      }
      return left;
    },
  };
}

interface Knowledge {
  readonly facts: PciFacts;
  readonly kernel: KernelOfMachine;
  readonly zones: SegmentZones;
  /** Functions of the machine that matter to zones other than their own. */
  readonly wide: Map<Device, Member>;
  /** By the first segment of a zone: the next time it is much the same. */
  readonly assembled: Map<number, Assembly<Member>>;
}

/** Nothing is computed before somebody looks: while a bus is played back only the last sighting of a zone counts. */
function sightingOf(knowledge: Knowledge, segments: readonly number[]): Sighting {
  let made: ZoneGraph | undefined;
  const look = (): ZoneGraph => {
    if (made === undefined) {
      const inside = new Set(segments);
      made = zoneGraph(knowledge.kernel, assemble(knowledge, segments, inside), ({ place }) =>
        inside.has(segmentAt(place)),
      );
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

const SOURCE: MachineSource = Object.freeze({ kind: 'synthetic', label: 'a zone' });
const NONE: readonly never[] = Object.freeze([]);

/** A machine of what is in these segments, and of functions elsewhere that bear on the whole machine. */
function assemble(
  { facts, zones, wide, assembled }: Knowledge,
  segments: readonly number[],
  inside: ReadonlySet<number>,
): Assembly<Member> {
  const [first, ...others] = segments as readonly [number, ...number[]];
  const pieces = [...zones.membersOf(first)];
  for (const segment of others) for (const member of zones.membersOf(segment)) pieces.push(member);
  for (const member of wide.values()) if (!inside.has(segmentAt(member.place))) pieces.push(member);
  const { firmware, kernel, rootBuses } = facts;
  // Devices of other busses are on other busses to the registry as well.
  const parts = { source: SOURCE, rootBuses, others: NONE, firmware, kernel, diagnostics: NONE };
  const made = reassemble(assembled.get(first), parts, pieces);
  assembled.set(first, made);
  return made;
}
