/**
 * @module The interference graph of one zone: by the code that makes that of a whole machine.
 */
import type { Device, InterferenceGraph } from '@isogroups/core';
import type { PciAddress } from '../facts/address.ts';
import { type AssemblyMemory, assembleMachine, type LooseFunction } from '../facts/assemble-machine.ts';
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

/** What is the same for all zones. */
export interface KernelOfMachine {
  readonly memory: AssemblyMemory;
  readonly rules: KernelRules;
  readonly options: KernelOptions;
}

/**
 * @param functions what is in the zone
 * @param elsewhere functions of other zones that bear on the whole machine
 * @param deviceAt the device at an address, of any zone
 */
export function zoneGraph(
  facts: PciFacts,
  kernel: KernelOfMachine,
  functions: ReadonlyMap<Device, LooseFunction>,
  elsewhere: readonly LooseFunction[],
  deviceAt: (address: PciAddress) => Device | undefined,
): ZoneGraph {
  const machine = machineOfZone(facts, [...functions.values(), ...elsewhere], kernel.memory);
  const devices: Device[] = [];
  const kept: number[] = [];
  machine.functions.forEach((f, i) => {
    const device = deviceAt(f);
    if (device === undefined || !functions.has(device)) return;
    devices.push(device);
    kept.push(i);
  });
  return { devices, graph: () => restrictGraph(buildGraph(inputOf(machine, kernel)), kept) };
}

function machineOfZone(
  { firmware, kernel, rootBuses }: PciFacts,
  functions: readonly LooseFunction[],
  memory: AssemblyMemory,
): Machine {
  return assembleMachine(
    {
      source: { kind: 'synthetic', label: 'a zone' },
      functions,
      rootBuses,
      // Devices of other busses are on other busses to the registry as well.
      others: [],
      firmware,
      kernel,
      diagnostics: [],
    },
    memory,
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
