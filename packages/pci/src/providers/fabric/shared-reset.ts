/**
 * @module Functions that can only be reset together: one that has no reset of its own needs a reset of its bus, which
 * resets all that is on it and below.
 */
import type { Evidence, Interference } from '@isogroups/core';
import { isUnknown } from '../../facts/fact.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import { hasBelow, isPort, type Topology } from '../../topology/topology.ts';
import { type GrowingSpan, gaps, grow, type Provider } from '../provider.ts';
import { REMEDIES } from '../remedies.ts';

const OWN_METHODS = new Set(['device_specific', 'acpi', 'flr', 'af_flr', 'pm']);

/**
 * `own`: a reset that touches nothing else. `shared`: only that of the bus. `none`: the kernel lists no method at all.
 * `unknown`: the registers that tell could not be read.
 */
export function resetOf(f: PciFunction): 'own' | 'shared' | 'none' | 'unknown' {
  const { resetMethods } = f.host;
  if (!isUnknown(resetMethods) && resetMethods !== null) {
    if (resetMethods.length === 0) return 'none';
    return resetMethods.some((m) => OWN_METHODS.has(m)) ? 'own' : 'shared';
  }
  const { express, advancedFeatures, powerManagement } = f;
  if (!isUnknown(express) && express !== null && express.flr === true) return 'own';
  if (!isUnknown(advancedFeatures) && advancedFeatures?.flr === true) return 'own';
  if (!isUnknown(powerManagement) && powerManagement !== null && !powerManagement.noSoftReset) return 'own';
  const unread = isUnknown(express) || (express !== null && isUnknown(express.flr)) || isUnknown(powerManagement);
  return unread ? 'unknown' : 'shared';
}

export const sharedReset: Provider = {
  name: 'PCI fabric: reset',
  interferences({ topology }) {
    const found: Interference[] = [];
    for (let bridge = 0; bridge < topology.count; bridge++) {
      const edge = busReset(topology, bridge);
      if (edge !== undefined) found.push(edge);
    }
    return found;
  },
};

const BUS_RESET_ONLY: readonly Evidence[] = Object.freeze([
  { kind: 'topology', says: 'no function level reset: only a reset of the whole bus' },
]);

function busReset(topology: Topology, bridge: number): Interference | undefined {
  const from = topology.belowFrom[bridge] as number;
  const to = topology.belowTo[bridge] as number;
  if (to - from < 2) return undefined;
  const { functions } = topology.machine;
  const actors: GrowingSpan[] = [];
  let certain = false;
  for (let i = from; i < to && topology.parent[i] === bridge; i++) {
    // Bridges are reset with their bus and not handed over; a VF always has a function level reset.
    if (topology.isVirtual[i] === 1 || hasBelow(topology, i) || isPort(topology, i)) continue;
    const reset = resetOf(functions[i] as PciFunction);
    if (reset === 'own' || reset === 'none') continue;
    grow(actors, i);
    if (reset === 'shared') certain = true;
  }
  if (actors.length === 0) return undefined;
  return {
    kind: 'shared-reset',
    where: { kind: 'port', party: bridge },
    actors,
    reach: gaps(actors, from, to),
    mutual: true,
    evidence: BUS_RESET_ONLY,
    remedies: REMEDIES.reset,
    ...(certain ? {} : { undecided: { why: 'their reset capabilities were not read', decidedBy: 'running as root' } }),
  };
}
