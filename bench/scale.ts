/**
 * @module Scale: graph, groups and kernel replay of synthetic machines of 10 000, 100 000 and 1 000 000 functions, as
 * functions a second of processor time, bytes a function, and the growth from 100 000 to 1 000 000 (10 is linear).
 */
import { POLICIES, partition } from '@isogroups/core';
import {
  analyseTopology,
  buildGraph,
  type Machine,
  parseKernelCommandLine,
  parseKernelRelease,
  replay,
  rulesOf,
} from '@isogroups/pci';
import { type Shape, syntheticMachine } from './synthetic-machine.ts';

interface Measurement {
  readonly graphSeconds: number;
  readonly replaySeconds: number;
  readonly bytesPerFunction: number;
  readonly groups: number;
}

const rules = rulesOf(parseKernelRelease('6.12'));
const options = parseKernelCommandLine('intel_iommu=on');

/**
 * The best of several runs: what the code costs, without what else the machine does. What a run leaves behind is cleared
 * away before the next, so that each pays for its own garbage and no other.
 */
function best(runs: number, run: () => number): number {
  const times = Array.from({ length: runs }, () => {
    globalThis.gc?.();
    return run();
  });
  return Math.min(...times);
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

function measure(shape: Shape, count: number, runs: number): Measurement {
  const before = heapUsed();
  const machine: Machine = syntheticMachine(shape, count);
  const topology = analyseTopology(machine);
  const { coverage, aliases, acsContext } = replay({ topology, rules, options, unknownIsIsolated: true });
  let groups = 0;
  const build = () => {
    const graph = buildGraph({ topology: analyseTopology(machine), coverage, aliases, acsContext, options });
    return partition(graph, POLICIES.default);
  };
  const graphSeconds = best(runs, () => {
    const start = processorSeconds();
    groups = build().groupCount;
    return processorSeconds() - start;
  });
  const replaySeconds = best(runs, () => {
    const start = processorSeconds();
    replay({ topology: analyseTopology(machine), rules, options, unknownIsIsolated: true });
    return processorSeconds() - start;
  });
  const kept = build();
  const bytesPerFunction = (heapUsed() - before) / count;
  return { graphSeconds, replaySeconds, bytesPerFunction, groups: Math.max(groups, kept.groupCount) };
}

/** Of all threads: what else the machine does meanwhile is not counted, and work on a second core is. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

export function scale(quick: boolean): void {
  const sizes = quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000];
  const runs = quick ? 3 : 5;
  console.log('shape     functions  graph+groups/s  replay/s  replay:graph  bytes/function');
  for (const shape of ['wide', 'deep', 'one-bus'] as const) {
    const results = sizes.map((count) => ({ count, ...measure(shape, count, runs) }));
    for (const r of results) {
      const graphRate = r.count / r.graphSeconds;
      const replayRate = r.count / r.replaySeconds;
      console.log(
        [
          shape.padEnd(9),
          String(r.count).padStart(9),
          millions(graphRate).padStart(15),
          millions(replayRate).padStart(9),
          (r.replaySeconds / r.graphSeconds).toFixed(2).padStart(13),
          String(Math.round(r.bytesPerFunction)).padStart(15),
        ].join(' '),
      );
    }
    const [large, larger] = results.slice(-2);
    if (large !== undefined && larger !== undefined) {
      const growth = (a: number, b: number): string => (b / a).toFixed(1);
      console.log(
        `${shape}: ${larger.count / large.count} times the functions cost ${growth(large.graphSeconds, larger.graphSeconds)} times (graph), ${growth(large.replaySeconds, larger.replaySeconds)} times (replay)`,
      );
    }
  }
}

const millions = (rate: number): string => `${(rate / 1e6).toFixed(2)} M`;
