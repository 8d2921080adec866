/**
 * @module The whole way from a machine's facts to its graph and to the kernel's groups, as one call.
 */
import type { InterferenceGraph } from '@isogroups/core';
import { known } from './facts/fact.ts';
import type { Machine } from './facts/machine.ts';
import type { KernelOptions } from './kernel/command-line/kernel-options.ts';
import { parseKernelCommandLine } from './kernel/command-line/parse-kernel-command-line.ts';
import { type Outcomes, possibleOutcomes } from './kernel/outcomes.ts';
import type { Replay } from './kernel/replay.ts';
import { type KernelRules, parseKernelRelease, rulesOf } from './kernel/series.ts';
import { buildGraph } from './providers/machine-graph.ts';
import type { ProviderInput } from './providers/provider.ts';
import { analyseTopology, type Topology } from './topology/topology.ts';

export interface AnalysisOptions {
  /** Kernel release or series whose rules are to be replayed; the machine's own without it. */
  readonly kernel?: string;
}

export interface Analysis {
  readonly machine: Machine;
  readonly topology: Topology;
  readonly rules: KernelRules;
  readonly options: KernelOptions;
  readonly outcomes: Outcomes;
  /** The most likely outcome: `outcomes.likely`. */
  readonly replay: Replay;
  readonly graph: InterferenceGraph;
  /** What the graph was built from, for questions about single functions. */
  readonly input: ProviderInput;
}

export function analyse(machine: Machine, wanted: AnalysisOptions = {}): Analysis {
  const topology = analyseTopology(machine);
  const options = parseKernelCommandLine(known(machine.kernel.commandLine) ?? '');
  const release = wanted.kernel ?? known(machine.kernel.release);
  const rules = rulesOf(
    parseKernelRelease(release, wanted.kernel === undefined ? known(machine.kernel.version) : undefined),
  );
  const outcomes = possibleOutcomes(topology, rules, options);
  const { likely: replay } = outcomes;
  const { coverage, aliases, acsContext } = replay;
  // pcie_acs_override= makes the kernel look away; it changes nothing about what the hardware does. Nor does
  // it matter to the graph when the registers came to hold what they hold.
  const input: ProviderInput = {
    topology,
    coverage,
    aliases,
    acsContext: { ...acsContext, override: undefined, beforeEnabling: false },
    options,
  };
  return { machine, topology, rules, options, outcomes, replay, graph: buildGraph(input), input };
}
