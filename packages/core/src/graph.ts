/**
 * @module The interference graph: parties and the interferences between them. One graph answers every question.
 */
import { type Interference, spansHold } from './interference.ts';

/** The devices and bridges of a machine, by index. The host is a party too, without an index. */
export interface Parties {
  readonly count: number;
  /** `0000:01:00.0`. */
  nameOf(party: number): string;
  /** Bridges carry the traffic of others; nobody hands them over. */
  isBridge(party: number): boolean;
  /** Name of the IOMMU unit that translates its DMA (`vtd0`); undefined: none. */
  unitOf(party: number): string | undefined;
}

export interface InterferenceGraph {
  readonly parties: Parties;
  readonly interferences: readonly Interference[];
}

/** The interferences that a party has a part in, as the one who disturbs or the one who is disturbed. */
export function interferencesOf(graph: InterferenceGraph, party: number): readonly Interference[] {
  return graph.interferences.filter(
    (edge) => spansHold(edge.actors, party) || (edge.reach !== 'host' && spansHold(edge.reach, party)),
  );
}
