/**
 * @module Which interferences would have to be accepted so that two devices are no longer in one group.
 */
import { accepts, type Interference, KIND_FACTS, type Partition, shortestChain } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { acceptWord } from '../../sentences/interference.ts';

/** More than this is no advice any more. */
const MOST = 4;

/**
 * `--accept peer-to-peer@0000:02:08.0 --accept …`: takes the first step of the shortest chain away until there is none.
 * Undefined where a step cannot be accepted, or where it would take too many.
 */
export function acceptancesThatPart(
  analysis: Analysis,
  { policy }: Partition,
  a: number,
  b: number,
): string | undefined {
  const { graph } = analysis;
  const accepted = accepts(policy, graph);
  const words: string[] = [];
  const use = (edge: Interference): boolean =>
    edge.reach !== 'host' && !accepted(edge) && !words.includes(acceptWord(analysis, edge));
  for (;;) {
    const step = shortestChain(graph, a, b, use)?.find(({ edge }) => KIND_FACTS[edge.kind].accepted === 'policy');
    if (step === undefined) break;
    if (words.length === MOST) return undefined;
    words.push(acceptWord(analysis, step.edge));
  }
  const parted = shortestChain(graph, a, b, use) === undefined;
  return parted && words.length > 0 ? words.map((w) => `--accept ${w}`).join(' ') : undefined;
}
