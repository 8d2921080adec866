/**
 * @module A remedy as an instruction that can be followed as it stands.
 */
import { type Interference, placeName, type Remedy } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';

/** In the imperative, without a full stop; `<place>` and `<device>` are filled in. */
export function remedySentence({ graph }: Analysis, edge: Interference, remedy: Remedy): string {
  return remedy.text.replace(/<(?:place|device)>/g, placeName(graph, edge.where));
}
