/**
 * @module The interference graph of one zone: by the code that makes that of a whole machine.
 */
import type { Device, InterferenceGraph } from '@isogroups/core';
import type { Assembly } from '../facts/assemble-machine.ts';
import type { Machine } from '../facts/machine.ts';
import { acsContextOf } from '../kernel/acs-context.ts';
import { createAliases } from '../kernel/aliases.ts';
import type { KernelOptions } from '../kernel/command-line/kernel-options.ts';
import { findCoverage } from '../kernel/iommu-state.ts';
import { replay } from '../kernel/replay.ts';
import type { KernelRules } from '../kernel/series.ts';
import { buildGraph } from '../providers/machine-graph.ts';
import type { ProviderInput } from '../providers/provider.ts';
import { analyseTopology } from '../topology/topology.ts';
import { restrictGraph } from './restrict-graph.ts';
import type { Member } from './segment-zones.ts';

export interface ZoneGraph {
  readonly devices: readonly Device[];
  /** Made when asked. */
  graph(): InterferenceGraph;
}

/** What is the same for all zones. */
export interface KernelOfMachine {
  readonly rules: KernelRules;
  readonly options: KernelOptions;
}

/**
 * @param zone assembled from what is in the zone, and functions of other zones that bear on the whole machine
 * @param isInside tells the former
 */
export function zoneGraph(
  kernel: KernelOfMachine,
  { machine, ordered }: Assembly<Member>,
  isInside: (member: Member) => boolean,
): ZoneGraph {
  const devices: Device[] = [];
  const kept: number[] = [];
  ordered.forEach((member, i) => {
    if (!isInside(member)) return;
    devices.push(member.device);
    kept.push(i);
  });
  return { devices, graph: () => restrictGraph(buildGraph(inputOf(machine, kernel)), kept) };
}

/** As `analyse` has it, without the kernel's groups, except where giving out groups extends what an IOMMU covers. */
function inputOf(machine: Machine, { rules, options }: KernelOfMachine): ProviderInput {
  const topology = analyseTopology(machine);
  const aliases = createAliases(topology, rules);
  const coverage = findCoverage(topology, aliases, options);
  const found = coverage.grows
    ? replay({ topology, rules, options, unknownIsIsolated: true })
    : { coverage, aliases, acsContext: acsContextOf(topology, rules, options, coverage) };
  return {
    topology,
    coverage: found.coverage,
    aliases: found.aliases,
    acsContext: { ...found.acsContext, override: undefined, beforeEnabling: false },
    options,
  };
}
