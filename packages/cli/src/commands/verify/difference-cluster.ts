/**
 * @module Differences that belong together: functions that one of the two partitions puts into one group.
 */
import type { Analysis, PartitionComparison } from '@isogroups/pci';

export interface DifferenceCluster {
  /** Ascending. All members of every group that has a part in it. */
  readonly functions: readonly number[];
}

/** Functions about whose coverage the two differ for one reason belong together as well. */
export function clustersOf(
  { topology, replay }: Analysis,
  { differences }: PartitionComparison,
): readonly DifferenceCluster[] {
  const neighbours = new Map<number, Set<number>>();
  const link = (a: number, b: number): void => {
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = neighbours.get(x);
      if (known === undefined) neighbours.set(x, new Set([y]));
      else known.add(y);
    }
  };
  const firstFor = new Map<string, number>();
  for (const { function: i, onlyKernel, onlyRules, kernelGroup, rulesGroup } of differences) {
    link(i, i);
    for (const j of [...onlyKernel, ...onlyRules]) link(i, j);
    if (kernelGroup !== undefined && rulesGroup !== undefined) continue;
    const reason = `${kernelGroup === undefined}: ${replay.coverage.because(i)}`;
    link(i, firstFor.get(reason) ?? i);
    if (!firstFor.has(reason)) firstFor.set(reason, i);
  }
  const placed = new Uint8Array(topology.count);
  const clusters: DifferenceCluster[] = [];
  for (const start of [...neighbours.keys()].sort((a, b) => a - b)) {
    if (placed[start] === 1) continue;
    const functions: number[] = [];
    const pending = [start];
    placed[start] = 1;
    for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
      functions.push(i);
      for (const j of neighbours.get(i) ?? []) {
        if (placed[j] === 1) continue;
        placed[j] = 1;
        pending.push(j);
      }
    }
    clusters.push({ functions: functions.sort((a, b) => a - b) });
  }
  return clusters;
}
