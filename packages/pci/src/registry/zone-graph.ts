/**
 * @module The interference graph of one zone: by the code that makes that of a whole machine.
 */
import type { Device, InterferenceGraph } from '@isogroups/core';
import type { PciAddress } from '../facts/address.ts';
import { assembleMachine, type LooseFunction } from '../facts/assemble-machine.ts';
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

export interface ZoneGraph {
  readonly devices: readonly Device[];
  /** Made when asked. */
  graph(): InterferenceGraph;
}

export interface KernelOfMachine {
  readonly rules: KernelRules;
  readonly options: KernelOptions;
}

/**
 * @param functions what is in the zone
 * @param elsewhere functions of other zones that bear on the whole machine
 */
export function zoneGraph(
  facts: PciFacts,
  kernel: KernelOfMachine,
  functions: ReadonlyMap<Device, LooseFunction>,
  elsewhere: readonly LooseFunction[],
): ZoneGraph {
  const machine = machineOfZone(facts, [...functions.values(), ...elsewhere]);
  const deviceAt = new Map<number, Device>();
  for (const [device, f] of functions) deviceAt.set(placeOf(f), device);
  const devices: Device[] = [];
  const kept: number[] = [];
  machine.functions.forEach((f, i) => {
    const device = deviceAt.get(placeOf(f));
    if (device === undefined) return;
    devices.push(device);
    kept.push(i);
  });
  return { devices, graph: () => restrictGraph(buildGraph(inputOf(machine, kernel)), kept) };
}

const placeOf = (a: PciAddress): number => (a.segment * 256 + a.bus) * 256 + a.devfn;

function machineOfZone({ firmware, kernel, rootBuses }: PciFacts, functions: readonly LooseFunction[]): Machine {
  return assembleMachine({
    source: { kind: 'synthetic', label: 'a zone' },
    functions,
    rootBuses,
    // Devices of other busses are on other busses to the registry as well.
    others: [],
    firmware,
    kernel,
    diagnostics: [],
  });
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
