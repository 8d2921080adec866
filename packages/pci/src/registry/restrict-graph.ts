/**
 * @module A graph without some of its parties, and without what is left of their interferences.
 */
import type { Evidence, Interference, InterferenceGraph, Place, Span } from '@isogroups/core';

/** @param kept which parties stay, ascending; they are numbered anew in that order */
export function restrictGraph(graph: InterferenceGraph, kept: readonly number[]): InterferenceGraph {
  const { parties } = graph;
  if (kept.length === parties.count) return graph;
  const renumbered = new Int32Array(parties.count).fill(-1);
  kept.forEach((old, now) => {
    renumbered[old] = now;
  });
  const old = (party: number): number => kept[party] as number;
  return {
    parties: {
      count: kept.length,
      nameOf: (party) => parties.nameOf(old(party)),
      isBridge: (party) => parties.isBridge(old(party)),
      unitOf: (party) => parties.unitOf(old(party)),
    },
    interferences: graph.interferences.flatMap((edge) => restricted(edge, renumbered)),
  };
}

function restricted(edge: Interference, renumbered: Int32Array): readonly Interference[] {
  const actors = spansAmong(edge.actors, renumbered);
  const reach = edge.reach === 'host' ? 'host' : spansAmong(edge.reach, renumbered);
  const first = actors[0];
  if (first === undefined || (reach.length === 0 && !edge.mutual)) return [];
  const evidence = edge.evidence.flatMap((e): readonly Evidence[] => {
    if (!('party' in e)) return [e];
    const party = renumbered[e.party] as number;
    return party < 0 ? [] : [{ ...e, party }];
  });
  return [{ ...edge, where: placeAmong(edge.where, renumbered, first.from), actors, reach, evidence }];
}

function spansAmong(spans: readonly Span[], renumbered: Int32Array): readonly Span[] {
  const among: { from: number; to: number }[] = [];
  for (const span of spans) {
    for (let i = span.from; i < span.to; i++) {
      const party = renumbered[i] as number;
      if (party < 0) continue;
      const last = among.at(-1);
      if (last !== undefined && last.to === party) last.to++;
      else among.push({ from: party, to: party + 1 });
    }
  }
  return among;
}

/** A record for a run of neighbours is named after the first of them: the first that is left. */
function placeAmong(place: Place, renumbered: Int32Array, first: number): Place {
  if (!('party' in place)) return place;
  const party = renumbered[place.party] as number;
  return { ...place, party: party < 0 ? first : party };
}
