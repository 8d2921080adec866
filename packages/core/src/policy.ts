/**
 * @module Policies: which interferences an operator accepts as a risk.
 */
import type { InterferenceGraph } from './graph.ts';
import type { Interference, Place } from './interference.ts';
import { INTERFERENCE_KINDS, type InterferenceKind, isInterferenceKind, KIND_FACTS } from './kinds.ts';

export interface Acceptance {
  readonly kind: InterferenceKind;
  /** Only at this place (`0000:00:1c.0`, `vtd0`); everywhere without one. */
  readonly where?: string;
  readonly reason?: string;
  readonly by?: string;
  /** Last day on which it holds, `2027-03-31`. */
  readonly until?: string;
}

export interface Policy {
  readonly name: string;
  readonly acceptances: readonly Acceptance[];
}

const accepting = (...kinds: InterferenceKind[]): readonly Acceptance[] =>
  Object.freeze(kinds.map((kind) => Object.freeze({ kind })));

export const POLICIES: Readonly<Record<'strict' | 'default' | 'lab', Policy>> = Object.freeze({
  /** Accepts nothing. */
  strict: Object.freeze({ name: 'strict', acceptances: accepting() }),
  /** Accepts what Linux does not look at either. */
  default: Object.freeze({
    name: 'default',
    acceptances: accepting('forged-requester', 'translated-requests', 'shared-reset'),
  }),
  /** For machines where nothing is at stake: forged interrupts too. */
  lab: Object.freeze({
    name: 'lab',
    acceptances: accepting('forged-requester', 'translated-requests', 'shared-reset', 'interrupts'),
  }),
});

export type PolicyName = keyof typeof POLICIES;

/** A text that is no acceptance, with a sentence that says what one looks like. */
export interface PolicyError {
  readonly kind: 'policy-error';
  readonly message: string;
}

export function isPolicyError(value: unknown): value is PolicyError {
  return typeof value === 'object' && value !== null && (value as PolicyError).kind === 'policy-error';
}

const policyError = (message: string): PolicyError => Object.freeze({ kind: 'policy-error', message });

const KIND_OF_2012: ReadonlyMap<string, InterferenceKind> = new Map(
  INTERFERENCE_KINDS.flatMap((kind) => {
    const old = KIND_FACTS[kind].name2012;
    return old === undefined ? [] : [[old, kind] as const];
  }),
);

/**
 * Reads `kind`, `kind@place`, several of them between commas, or the spelling
 * of 2012: `isolation_allow=nop2p,nomsi`.
 */
export function parseAcceptances(text: string): readonly Acceptance[] | PolicyError {
  const list = text.startsWith('isolation_allow=') ? text.slice('isolation_allow='.length) : text;
  const acceptances: Acceptance[] = [];
  for (const word of list.split(',')) {
    const one = parseAcceptance(word.trim());
    if (isPolicyError(one)) return one;
    acceptances.push(one);
  }
  return acceptances;
}

function parseAcceptance(word: string): Acceptance | PolicyError {
  const [name = '', ...rest] = word.split('@');
  const where = rest.join('@');
  const kind = KIND_OF_2012.get(name) ?? name;
  if (!isInterferenceKind(kind)) {
    const choices = INTERFERENCE_KINDS.filter((k) => KIND_FACTS[k].accepted === 'policy').join(', ');
    return policyError(`"${name}" is no kind of interference that can be accepted: ${choices} (or nop2p, nomsi)`);
  }
  if (KIND_FACTS[kind].accepted === 'never') {
    return policyError(`"${kind}" cannot be accepted: ${KIND_FACTS[kind].meaning}`);
  }
  if (word.includes('@') && where === '') return policyError(`"${word}" names no place after the @`);
  return Object.freeze(where === '' ? { kind } : { kind, where });
}

/** A policy that accepts more than another. */
export function extendPolicy(policy: Policy, more: readonly Acceptance[]): Policy {
  if (more.length === 0) return policy;
  const words = more.map((a) => (a.where === undefined ? a.kind : `${a.kind}@${a.where}`));
  return Object.freeze({
    name: `${policy.name}+${words.join('+')}`,
    acceptances: Object.freeze([...policy.acceptances, ...more]),
  });
}

/** The name of the place of an interference, as acceptances and explanations write it. */
export function placeName(graph: InterferenceGraph, where: Place): string {
  switch (where.kind) {
    case 'iommu':
      return where.name;
    case 'machine':
      return 'machine';
    default:
      return graph.parties.nameOf(where.party);
  }
}

/** A test for "accepted", made once for a policy so that asking it for a million edges is cheap. */
export function accepts(policy: Policy, graph: InterferenceGraph, today?: string): (edge: Interference) => boolean {
  const valid = policy.acceptances.filter((a) => a.until === undefined || today === undefined || today <= a.until);
  const everywhere = new Set(valid.filter((a) => a.where === undefined).map((a) => a.kind));
  const atPlace = valid.filter((a) => a.where !== undefined);
  return (edge) =>
    everywhere.has(edge.kind) ||
    (atPlace.length > 0 &&
      atPlace.some((a) => a.kind === edge.kind && samePlace(a.where as string, placeName(graph, edge.where))));
}

/** `01:00.0` names the same place as `0000:01:00.0`. */
function samePlace(wanted: string, place: string): boolean {
  return wanted === place || `0000:${wanted}` === place;
}
