/**
 * @module How each member can be reset, and what would be reset with it.
 */
import { spansHold } from '@isogroups/core';
import { type Analysis, known } from '@isogroups/pci';
import type { PlanReset } from './plan.ts';

/** @param moving Parties that are handed over. */
export function resetsOf({ graph, machine }: Analysis, moving: readonly number[]): readonly PlanReset[] {
  const shared = graph.interferences.filter((e) => e.kind === 'shared-reset');
  return moving.map((party) => {
    const methods =
      machine.functions[party] === undefined ? undefined : known(machine.functions[party].host.resetMethods);
    const together = new Set<number>();
    for (const edge of shared) {
      if (!spansHold(edge.actors, party)) continue;
      for (const span of [...edge.actors, ...(edge.reach === 'host' ? [] : edge.reach)]) {
        for (let other = span.from; other < span.to; other++) if (other !== party) together.add(other);
      }
    }
    return {
      device: graph.parties.nameOf(party),
      methods: methods ?? null,
      alsoResets: [...together].sort((a, b) => a - b).map((p) => graph.parties.nameOf(p)),
    };
  });
}
