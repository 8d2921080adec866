/**
 * @module Graphs that come from providers: checked before anything is computed from them.
 */
import type { Device } from '../device.ts';
import { InvalidError } from '../errors.ts';
import type { InterferenceGraph } from '../graph.ts';
import type { Interference, Span } from '../interference.ts';

/** @throws InvalidError it has another number of parties than devices, or spans that lead out of it */
export function checkedGraph(graph: InterferenceGraph, count: number): InterferenceGraph {
  const inside = ({ from, to }: Span): boolean => from >= 0 && from <= to && to <= count;
  const fits = (edge: Interference): boolean =>
    edge.actors.every(inside) && (edge.reach === 'host' || edge.reach.every(inside));
  if (graph.parties.count === count && graph.interferences.every(fits)) return graph;
  throw new InvalidError({
    says: `a graph of ${graph.parties.count} parties for ${count} devices, or with spans that lead out of it`,
    next: 'number the parties as the devices of the sighting',
    operands: { graph, count },
  });
}

/** What is taken of devices of which nothing could be learnt: they cannot be told apart. */
export function opaqueGraph(devices: readonly Device[]): InterferenceGraph {
  const all: readonly Span[] = [{ from: 0, to: devices.length }];
  return {
    parties: {
      count: devices.length,
      nameOf: (party) => (devices[party] as Device).name,
      isBridge: () => false,
      unitOf: () => undefined,
    },
    interferences: [
      {
        kind: 'same-requester',
        where: { kind: 'machine' },
        actors: all,
        reach: [],
        mutual: true,
        evidence: [{ kind: 'topology', says: 'their provider failed' }],
        remedies: [],
        undecided: { why: 'their provider failed', decidedBy: 'a provider that works' },
      },
    ],
  };
}
