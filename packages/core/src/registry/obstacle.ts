/**
 * @module What keeps a component from being claimed, or leads out of a claim that stands.
 */
import type { ChainStep } from '../chain.ts';
import type { Device } from '../device.ts';

/** A step of a chain of interference, between devices. */
export interface Link extends Pick<ChainStep, 'edge' | 'forward'> {
  readonly from: Device | 'host';
  readonly to: Device | 'host';
}

export type Obstacle =
  /** It can reach the host: the chain ends there. One for each interference with the host. */
  | { readonly kind: 'host'; readonly device: Device; readonly chain: readonly Link[] }
  /** It can reach a device that is not part of it. */
  | { readonly kind: 'device'; readonly device: Device; readonly other: Device; readonly chain: readonly Link[] }
  /** Several providers say that they serve the device. */
  | { readonly kind: 'conflict'; readonly device: Device; readonly providers: readonly string[] }
  /** A provider failed at the device: what it would have said is not known. */
  | { readonly kind: 'unseen'; readonly device: Device; readonly providers: readonly string[] };

/** One clause: `0000:01:00.0 reaches the host (interrupts at machine)`. */
export function sayObstacle(obstacle: Obstacle): string {
  const { device } = obstacle;
  switch (obstacle.kind) {
    case 'host':
      return `${device.name} reaches the host (${sayChain(obstacle.chain)})`;
    case 'device':
      return `${device.name} reaches ${obstacle.other.name} (${sayChain(obstacle.chain)})`;
    case 'conflict':
      return `${device.name} is served by ${obstacle.providers.join(' and ')}`;
    case 'unseen':
      return `${obstacle.providers.join(' and ')} failed at ${device.name}`;
  }
}

function sayChain(chain: readonly Link[]): string {
  return chain.map((link) => link.edge.kind).join(', ');
}
