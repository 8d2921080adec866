/**
 * @module `CONFIG_ISOLATION_GROUPS=n`: the same interface for a program that runs where isolation is not to be looked at.
 */
import { NotSupportedError } from '../errors.ts';
import { POLICIES } from '../policy.ts';
import type { Registry } from './registry.ts';

function refuse(call: string): () => never {
  return () => {
    throw new NotSupportedError({
      says: `${call}: isolation groups are switched off`,
      next: 'use createRegistry',
      operands: { call },
    });
  };
}

/** Answers that no device has a group and any driver may bind; all that would change something throws NotSupportedError. */
export const disabledRegistry: Registry = Object.freeze({
  policy: POLICIES.default,
  groups: Object.freeze([]),
  claims: Object.freeze([]),
  quarantined: new Map<never, never>(),
  registerProvider: refuse('registerProvider'),
  unregisterProvider: refuse('unregisterProvider'),
  createGroup: refuse('createGroup'),
  freeGroup: refuse('freeGroup'),
  groupOf: () => undefined,
  domainOf: () => undefined,
  groupNamed: () => undefined,
  claim: refuse('claim'),
  mayBind: () => true,
  admit: refuse('admit'),
  setPolicy: refuse('setPolicy'),
  refresh: () => undefined,
  tree: () => ({ directories: [], links: [], files: [] }),
  on: () => () => undefined,
  close: () => undefined,
});
