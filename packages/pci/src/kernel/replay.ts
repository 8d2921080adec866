/**
 * @module The kernel rules, replayed: which groups a Linux of a given series makes of a machine, with the rule and the
 * witness of every join.
 */
import { isUnknown, known } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import type { Topology } from '../topology/topology.ts';
import { acsContextOf } from './acs-context.ts';
import { type AcsContext, acsAnswers } from './acs-rule.ts';
import { type Aliases, createAliases } from './aliases.ts';
import type { KernelOptions } from './command-line/kernel-options.ts';
import type { Coverage } from './coverage/coverage.ts';
import { createVisited, decideGroup, type Join } from './group-decision.ts';
import { createGroupTable, type GroupTable } from './group-table.ts';
import { findCoverage } from './iommu-state.ts';
import type { KernelRules } from './series.ts';
import { bootOrder, eventsOfLog, type LogEvent, lateOrder } from './visiting-order.ts';

export interface ReplayInput {
  readonly topology: Topology;
  readonly rules: KernelRules;
  readonly options: KernelOptions;
  /** How facts that are not known are taken. */
  readonly unknownIsIsolated: boolean;
  /** Order of probing, where it is not to be taken from the machine: to try what other orders would give. */
  readonly order?: Int32Array;
}

export interface Replay {
  readonly rules: KernelRules;
  readonly coverage: Coverage;
  readonly aliases: Aliases;
  readonly acsContext: AcsContext;
  /** Group number of each function; -1 for none. */
  readonly groupOf: Int32Array;
  readonly joinOf: readonly (Join | undefined)[];
  /** Where the order of probing came from. */
  readonly order: 'rule' | 'log' | 'drivers' | 'given';
  /** Whether a fact that is not known had a say. */
  readonly tookUnknown: boolean;
}

export function replay(input: ReplayInput): Replay {
  const { topology, rules, options } = input;
  const { machine } = topology;
  const aliases = createAliases(topology, rules);
  const coverage = findCoverage(topology, aliases, options);
  const acsContext = acsContextOf(topology, rules, options, coverage);
  const table = createGroupTable(topology.count);
  let tookUnknown = false;
  const decision = {
    topology,
    aliases,
    acs: acsAnswers(topology, acsContext),
    groupOf: table.groupOf,
    unknownIsIsolated: input.unknownIsIsolated,
    visited: createVisited(topology.count),
    onUnknown: () => {
      tookUnknown = true;
    },
  };
  const probe = (i: number): void => {
    if ((table.groupOf[i] as number) >= 0 || coverage.unitOf(i) < 0 || !coverage.probe(i)) return;
    table.add(i, decideGroup(decision, i));
  };

  const log = known(machine.kernel.log);
  const events = log === undefined ? [] : eventsOfLog(topology, log);
  const order = schedule(input, coverage, events, table, probe);
  return { rules, coverage, aliases, acsContext, groupOf: table.groupOf, joinOf: table.joinOf, order, tookUnknown };
}

function schedule(
  input: ReplayInput,
  coverage: Coverage,
  events: readonly LogEvent[],
  table: GroupTable,
  probe: (i: number) => void,
): Replay['order'] {
  const { topology, options } = input;
  if (coverage.units.length === 0) return 'rule';
  if (input.order !== undefined) {
    for (const i of input.order) probe(i);
    return 'given';
  }
  if (coverage.probes === 'driver' && events.length > 0) {
    follow(events, table, probe, () => false);
    return 'log';
  }
  const boot = bootOrder(topology, options.pci.bfsort);
  if (coverage.probes === 'driver' && !input.rules.iommuCoreConfiguresDma) {
    for (const i of boot) if (hasDriver(topology.machine.functions[i] as PciFunction)) probe(i);
  } else {
    registrationPasses(coverage, boot, probe);
  }
  const passed = new Set(events.length === 0 ? [] : boot);
  // The first line of a device that the passes have dealt with says nothing new; a later one means that it came back.
  follow(events, table, probe, (i) => passed.delete(i));
  for (const i of lateOrder(topology)) probe(i);
  return coverage.probes === 'driver' && !input.rules.iommuCoreConfiguresDma ? 'drivers' : 'rule';
}

/** Each unit that registers offers all devices anew; those of units that are still to come are refused until then. */
function registrationPasses(coverage: Coverage, boot: Int32Array, probe: (i: number) => void): void {
  if (coverage.grows) {
    for (let unit = 0; unit < coverage.units.length; unit++) {
      for (const i of boot) if (coverage.unitOf(i) <= unit) probe(i);
    }
    return;
  }
  for (const i of byUnit(coverage, boot)) probe(i);
}

/** The same order without asking every device of a large machine in every pass: first those of the first unit, and so on. */
function byUnit(coverage: Coverage, boot: Int32Array): Int32Array {
  const next = new Int32Array(coverage.units.length + 1);
  for (const i of boot) if (coverage.unitOf(i) >= 0) next[coverage.unitOf(i) + 1]!++;
  for (let unit = 1; unit < next.length; unit++) next[unit]! += next[unit - 1] as number;
  const ordered = new Int32Array(next[coverage.units.length] as number);
  for (const i of boot) if (coverage.unitOf(i) >= 0) ordered[next[coverage.unitOf(i)]!++] = i;
  return ordered;
}

function follow(
  events: readonly LogEvent[],
  table: GroupTable,
  probe: (i: number) => void,
  alreadyDone: (i: number) => boolean,
): void {
  for (const event of events) {
    switch (event.kind) {
      case 'add':
        if (alreadyDone(event.function)) break;
        // A device that is added once more was removed before, whether or not the log says so.
        table.remove(event.function);
        probe(event.function);
        break;
      case 'remove':
        table.remove(event.function);
        break;
      case 'add-other':
        table.addOther(event.name);
        break;
      case 'remove-other':
        table.removeOther(event.name);
        break;
    }
  }
}

function hasDriver(f: PciFunction): boolean {
  return !isUnknown(f.host.driver) && f.host.driver !== null;
}
