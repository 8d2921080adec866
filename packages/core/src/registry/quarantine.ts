/**
 * @module Quarantine: a device that must not take part yet. It cannot master the bus and is in no group.
 */
import type { Device } from '../device.ts';
import type { Domain } from '../domain/domain.ts';
import type { Claim } from './claim.ts';
import type { Obstacle } from './obstacle.ts';

export type Quarantine =
  /** It would join these claims with each other. */
  | { readonly kind: 'joins-claims'; readonly claims: readonly Claim[] }
  /** It would lead out of a claim. */
  | { readonly kind: 'opens-claim'; readonly claim: Claim; readonly obstacles: readonly Obstacle[] }
  /** It interferes with groups that are in several domains. */
  | { readonly kind: 'joins-domains'; readonly domains: readonly Domain[] }
  /** The domain that it has to be in refused it. */
  | { readonly kind: 'attach-failed'; readonly domain: Domain; readonly error: unknown }
  /** What it sits on is in quarantine. */
  | { readonly kind: 'below'; readonly parent: Device };
