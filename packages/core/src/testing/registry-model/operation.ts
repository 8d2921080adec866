/**
 * @module Random operations on a registry, as data: what the numbers mean is decided by what is there when it runs.
 */
import fc from 'fast-check';

const KINDS = [
  'plug',
  'unplug',
  'change',
  'fail-provider',
  'register',
  'unregister',
  'claim',
  'release',
  'create-domain',
  'release-domain',
  'attach-group',
  'map',
  'refuse-attach',
  'refuse-detach',
  'policy',
  'next-day',
  'add-by-hand',
  'remove-by-hand',
  'admit',
  'allow-driver',
  'bind',
] as const;

export interface Operation {
  readonly kind: (typeof KINDS)[number];
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Devices come and go most, so that something is there to be done something with. */
const WEIGHTS: Partial<Record<Operation['kind'], number>> = {
  plug: 20,
  unplug: 10,
  claim: 14,
  release: 3,
  change: 3,
  'create-domain': 14,
  'attach-group': 6,
  'refuse-attach': 2,
  'refuse-detach': 4,
  map: 3,
  admit: 3,
  // A driver has to be allowed, and disallowed again, before a question at the gate can tell.
  'allow-driver': 6,
  bind: 6,
};

const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.oneof(...KINDS.map((kind) => ({ weight: WEIGHTS[kind] ?? 1, arbitrary: fc.constant(kind) }))),
  a: fc.nat(11),
  b: fc.nat(11),
  c: fc.nat(11),
});

export function operations(most: number): fc.Arbitrary<readonly Operation[]> {
  return fc.array(operation, { minLength: 1, maxLength: most, size: 'max' });
}
