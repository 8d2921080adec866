/**
 * @module The chains of interference worth telling between two devices.
 */

import type { Policy } from '@isogroups/core';
import {
  accepts,
  type ChainEnd,
  type ChainStep,
  type Interference,
  type Partition,
  shortestChain,
} from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import type { Guarantee } from './guarantees.ts';

export interface Chain {
  readonly via: 'devices' | 'host';
  /** Whether a step of it is accepted by the policy. */
  readonly accepted: boolean;
  readonly steps: readonly ChainStep[];
}

export interface Why {
  readonly analysis: Analysis;
  readonly policy: Policy;
  readonly from: number;
  readonly to: ChainEnd;
  readonly chains: readonly Chain[];
  /** What keeps them apart; empty where a chain is not accepted. */
  readonly guarantees: readonly Guarantee[];
}

/**
 * The shortest chain from device to device that the policy does not accept. Where there is none: the shortest through the
 * host, and the shortest with accepted interferences.
 */
export function findChains({ graph, policy }: Partition, from: number, to: ChainEnd): readonly Chain[] {
  const accepted = accepts(policy, graph);
  const isDeviceEdge = (edge: Interference): boolean => edge.reach !== 'host';
  const find = (via: Chain['via'], use: (edge: Interference) => boolean): readonly Chain[] => {
    const steps = shortestChain(graph, from, to, use);
    return steps === undefined ? [] : [{ via, accepted: steps.some((s) => accepted(s.edge)), steps }];
  };
  if (to === 'host') {
    const open = find('host', (edge) => !accepted(edge));
    return open.length > 0 ? open : find('host', () => true);
  }
  const direct = find('devices', (edge) => isDeviceEdge(edge) && !accepted(edge));
  if (direct.length > 0) return direct;
  const open = find('host', (edge) => !accepted(edge));
  const withAccepted = find('devices', isDeviceEdge);
  if (open.length > 0 || withAccepted.length > 0) return [...open, ...withAccepted];
  return find('host', () => true);
}
