/**
 * @module The interference graph of one zone: by the code that makes that of a whole machine.
 */
import type { Device, InterferenceGraph } from '@isogroups/core';
import { assemblePieces } from '../facts/assemble-machine.ts';
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
import type { PciFacts } from './pci-facts.ts';
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
 * @param members what is in the zone
 * @param elsewhere functions of other zones that bear on the whole machine
 */
export function zoneGraph(
  facts: PciFacts,
  kernel: KernelOfMachine,
  members: readonly Member[],
  elsewhere: readonly Member[],
): ZoneGraph {
  const { machine, ordered } = machineOfZone(facts, elsewhere.length === 0 ? members : [...members, ...elsewhere]);
  const outside = new Set(elsewhere);
  const devices: Device[] = [];
  const kept: number[] = [];
  ordered.forEach((member, i) => {
    if (outside.has(member)) return;
    devices.push(member.device);
    kept.push(i);
  });
  return { devices, graph: () => restrictGraph(buildGraph(inputOf(machine, kernel)), kept) };
}

function machineOfZone({ firmware, kernel, rootBuses }: PciFacts, members: readonly Member[]) {
  return assemblePieces(
    {
      source: { kind: 'synthetic', label: 'a zone' },
      rootBuses,
      // Devices of other busses are on other busses to the registry as well.
      others: [],
      firmware,
      kernel,
      diagnostics: [],
    },
    members,
  );
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
