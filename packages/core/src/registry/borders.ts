/**
 * @module Borders: a group does not lead from one owner to another. An edge that crosses the border of a claim was accepted
 * by the policy of that claim, and one that crosses the border of a domain is no reason to move anybody into it.
 */
import type { InterferenceGraph } from '../graph.ts';
import type { Interference, Span } from '../interference.ts';

/** Each interference in its parts inside of one side; those with the host stay as they are. */
export function cutAtBorders(graph: InterferenceGraph, sideOf: Int32Array): InterferenceGraph {
  const sideEnds = runEnds(sideOf);
  return {
    parties: graph.parties,
    interferences: graph.interferences.flatMap((edge) => partsOf(edge, sideOf, sideEnds)),
  };
}

/** Where the run of parties on one side ends, for each party. */
function runEnds(sideOf: Int32Array): Int32Array {
  const ends = new Int32Array(sideOf.length);
  for (let i = sideOf.length - 1; i >= 0; i--) ends[i] = sideOf[i] === sideOf[i + 1] ? (ends[i + 1] as number) : i + 1;
  return ends;
}

function partsOf(edge: Interference, sideOf: Int32Array, sideEnds: Int32Array): readonly Interference[] {
  const { reach } = edge;
  if (reach === 'host') return [edge];
  const actors = bySide(edge.actors, sideOf, sideEnds);
  const reached = bySide(reach, sideOf, sideEnds);
  if (actors.size === 1 && reached.size <= 1) {
    const [side] = actors.keys();
    if (reached.size === 0 || reached.has(side as number)) return [edge];
  }
  return [...actors].map(([side, spans]) => ({ ...edge, actors: spans, reach: reached.get(side) ?? [] }));
}

function bySide(
  spans: readonly Span[],
  sideOf: Int32Array,
  sideEnds: Int32Array,
): ReadonlyMap<number, readonly Span[]> {
  const sides = new Map<number, Span[]>();
  for (const span of spans) {
    for (let from = span.from; from < span.to; ) {
      const to = Math.min(span.to, sideEnds[from] as number);
      const side = sideOf[from] as number;
      const mine = sides.get(side);
      if (mine === undefined) sides.set(side, [{ from, to }]);
      else mine.push({ from, to });
      from = to;
    }
  }
  return sides;
}
