/**
 * @module All groupings that are possible where the machine does not tell what decides between them.
 */
import { isUnknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import type { Topology } from '../topology/topology.ts';
import type { KernelOptions } from './command-line/kernel-options.ts';
import { type Replay, replay } from './replay.ts';
import type { KernelRules } from './series.ts';
import { bootOrder } from './visiting-order.ts';

export interface Outcomes {
  /** What the rules give with all that is known; unknown facts taken as isolated. */
  readonly likely: Replay;
  /** Other partitions that are possible, with what would have to be so. */
  readonly alternatives: readonly { readonly replay: Replay; readonly when: string; readonly decidedBy: string }[];
}

export function possibleOutcomes(topology: Topology, rules: KernelRules, options: KernelOptions): Outcomes {
  const likely = replay({ topology, rules, options, unknownIsIsolated: true });
  const alternatives: { replay: Replay; when: string; decidedBy: string }[] = [];
  const seen = new Set([partitionKey(likely.groupOf)]);
  const consider = (candidate: Replay, when: string, decidedBy: string): void => {
    const key = partitionKey(candidate.groupOf);
    if (seen.has(key)) return;
    seen.add(key);
    alternatives.push({ replay: candidate, when, decidedBy });
  };

  if (likely.tookUnknown) {
    consider(
      replay({ topology, rules, options, unknownIsIsolated: false }),
      'the ACS registers that could not be read are off',
      'reading configuration space as root',
    );
  }
  if (likely.order === 'drivers') {
    for (const order of possibleOrders(topology)) {
      consider(
        replay({ topology, rules, options, unknownIsIsolated: true, order }),
        `drivers were bound in another order`,
        'the kernel log from boot on ("Adding to iommu group")',
      );
    }
  }
  return { likely, alternatives };
}

/** Each device that is tried costs two replays; no machine of this kind has so many with a driver. */
const MOST_TRIED = 256;

/**
 * Drivers bind in an order that nothing tells. Membership depends only on who comes before whom among relatives, so it
 * is enough to try tree order, its reverse, and each device alone at the head and at the end.
 */
function possibleOrders(topology: Topology): readonly Int32Array[] {
  const bound = Array.from(bootOrder(topology, false)).filter((i) => {
    const { driver } = (topology.machine.functions[i] as PciFunction).host;
    return !isUnknown(driver) && driver !== null;
  });
  const orders = [bound, bound.toReversed()];
  for (const i of bound.slice(0, MOST_TRIED)) {
    const rest = bound.filter((j) => j !== i);
    orders.push([i, ...rest], [...rest, i]);
  }
  return orders.map((o) => Int32Array.from(o));
}

/** Equal for equal partitions, whatever their numbers. */
export function partitionKey(groupOf: Int32Array): string {
  const first = new Map<number, number>();
  return Array.from(groupOf, (g, i) => {
    if (g < 0) return -1;
    if (!first.has(g)) first.set(g, i);
    return first.get(g);
  }).join(',');
}
