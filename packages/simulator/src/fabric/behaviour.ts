/**
 * @module What a function does with packets, by all the rules, worked out once from its registers.
 */
import { PORT, UNKNOWN_TYPE } from '@isogroups/pci';
import type { FabricFunction } from './fabric.ts';
import { ownedId } from './rules/ownership.ts';
import { isReachedByPeers, reachesPeers, reachesVirtual, type Traffic } from './rules/redirection.ts';
import { routesAfterTranslation, routesBetweenPorts } from './rules/root-complex.ts';
import { validates } from './rules/source-validation.ts';
import { blocksTranslated } from './rules/translation-blocking.ts';
import { turnsBack } from './rules/upstream-forwarding.ts';
import type { Verdict } from './rules/verdict.ts';

export interface Behaviour {
  /** The way to a peer of the same device or switch, by what is sent. */
  readonly toPeers: Readonly<Record<Traffic, Verdict>>;
  /** The way of a physical function to its virtual ones. */
  readonly toVirtual: Readonly<Record<Traffic, Verdict>>;
  /** The way to another root port, before translation. */
  readonly toRootPorts: Readonly<Record<Traffic, Verdict>>;
  readonly isReachedByPeers: boolean;
  readonly isRootPort: boolean;
  /** It faces downstream: what comes from below is checked, and may be turned back. */
  readonly facesDown: boolean;
  readonly validates: boolean;
  readonly blocksTranslated: boolean;
  readonly turnsBack: Verdict;
  /** The full id that a bridge puts on what it forwards; undefined: what it carries. */
  readonly ownedId: number | undefined;
  readonly routesAfterTranslation: boolean;
}

export function behaviourOf(f: FabricFunction, hasBelow: boolean): Behaviour {
  const byTraffic = (rule: (f: FabricFunction, traffic: Traffic) => Verdict): Readonly<Record<Traffic, Verdict>> => ({
    request: rule(f, 'request'),
    translated: rule(f, 'translated'),
    completion: rule(f, 'completion'),
  });
  return {
    toPeers: byTraffic(reachesPeers),
    toVirtual: byTraffic(reachesVirtual),
    toRootPorts: byTraffic(routesBetweenPorts),
    isReachedByPeers: isReachedByPeers(f, hasBelow),
    isRootPort: f.type === PORT.root,
    facesDown: f.type === PORT.root || f.type === PORT.downstream || f.type === UNKNOWN_TYPE,
    validates: validates(f),
    blocksTranslated: blocksTranslated(f),
    turnsBack: turnsBack(f),
    ownedId: ownedId(f),
    routesAfterTranslation: routesAfterTranslation(f),
  };
}
