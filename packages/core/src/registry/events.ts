/**
 * @module What the registry tells its listeners, in the order in which it happened. Data; delivered when the registry is
 * consistent again, so a listener may call everything.
 */
import type { Device, Driver } from '../device.ts';
import type { Policy } from '../policy.ts';
import type { Claim } from './claim.ts';
import type { Group } from './group.ts';
import type { Obstacle } from './obstacle.ts';
import type { Quarantine } from './quarantine.ts';

export type RegistryEvent =
  | { readonly kind: 'group-created'; readonly group: Group }
  | {
      readonly kind: 'group-changed';
      readonly group: Group;
      readonly added: readonly Device[];
      readonly removed: readonly Device[];
    }
  | { readonly kind: 'group-renamed'; readonly group: Group; readonly from: string }
  | { readonly kind: 'group-freed'; readonly group: Group }
  /** The devices of `from` are in `into` now. */
  | { readonly kind: 'merged'; readonly from: Group; readonly into: Group }
  /** Devices of `from` are in `into` now, and others still in `from`. */
  | { readonly kind: 'split'; readonly from: Group; readonly into: Group }
  /** Several providers serve the device: what it belongs to cannot be claimed. An empty list: not any more. */
  | { readonly kind: 'conflict'; readonly device: Device; readonly providers: readonly string[] }
  | { readonly kind: 'quarantined'; readonly device: Device; readonly quarantine: Quarantine }
  /** Out of quarantine: let in, or gone. */
  | { readonly kind: 'quarantine-ended'; readonly device: Device; readonly how: 'admitted' | 'unplugged' }
  | { readonly kind: 'claimed'; readonly claim: Claim }
  | { readonly kind: 'released'; readonly claim: Claim }
  | { readonly kind: 'isolation-lost'; readonly claim: Claim; readonly losses: readonly Obstacle[] }
  | { readonly kind: 'isolation-restored'; readonly claim: Claim }
  | { readonly kind: 'policy-changed'; readonly from: Policy; readonly to: Policy }
  /** A driver was bound that `mayBind` refuses: the bus did not ask. */
  | { readonly kind: 'gate-bypassed'; readonly device: Device; readonly driver: Driver }
  /** Somebody's code threw. The registry went on. */
  | { readonly kind: 'callback-failed'; readonly callback: string; readonly of: string; readonly error: unknown };

export type RegistryListener = (event: RegistryEvent) => void;
