/**
 * @module Peers whose requests nothing redirects, as an interference.
 *
 * A class, because evidence and remedies are worked out when they are asked for: grouping needs none of them, a large
 * machine has a million such edges, and only the getters of a prototype cost an edge nothing.
 */
import type { Evidence, Interference, Place, Remedy, Span, Undecided } from '@isogroups/core';
import { evidenceOf, undecidedOf } from '../evidence.ts';
import type { ProviderInput } from '../provider.ts';
import { REMEDIES } from '../remedies.ts';
import { redirection } from './redirection.ts';

export class OpenSenders implements Interference {
  readonly kind = 'peer-to-peer';
  readonly where: Place;
  readonly actors: readonly Span[];
  readonly reach: readonly Span[];
  readonly mutual: boolean;
  readonly undecided?: Undecided;
  readonly #input: ProviderInput;

  /** @param where The port that lets its requests, and those from below it, through; or the slot of the actors. */
  constructor(input: ProviderInput, where: Place, actors: readonly Span[], reach: readonly Span[], mutual: boolean) {
    this.#input = input;
    this.where = where;
    this.actors = actors;
    this.reach = reach;
    this.mutual = mutual;
    const doubt = doubtOf(this, input);
    if (doubt !== undefined) this.undecided = doubt;
  }

  get evidence(): readonly Evidence[] {
    const { topology, acsContext } = this.#input;
    return sendersOf(this).map((i) => evidenceOf(i, redirection(topology, i, acsContext)));
  }

  get remedies(): readonly Remedy[] {
    const { topology, acsContext } = this.#input;
    const isOff = (i: number): boolean => redirection(topology, i, acsContext).kind === 'control';
    return sendersOf(this).some(isOff) ? REMEDIES.acsOff : REMEDIES.noAcs;
  }
}

/** The functions whose own registers decide: the port, or all of the slot that act. */
function sendersOf({ where, actors }: Interference): readonly number[] {
  if (where.kind === 'port') return [where.party];
  return actors.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, k) => from + k));
}

/** Set where not one sender is known to let requests through. */
function doubtOf({ where, actors }: Interference, { topology, acsContext }: ProviderInput): Undecided | undefined {
  if (where.kind === 'port') return undecidedOf(redirection(topology, where.party, acsContext));
  let doubt: Undecided | undefined;
  for (const { from, to } of actors) {
    for (let i = from; i < to; i++) {
      const unknown = undecidedOf(redirection(topology, i, acsContext));
      if (unknown === undefined) return undefined;
      doubt ??= unknown;
    }
  }
  return doubt;
}
