/**
 * @module Functions that can only be reset together: one that has no reset of its own needs a reset of its bus, which
 * resets all that is on it and below.
 */
import type { Interference } from '@isogroups/core';
import { isUnknown } from '../../facts/fact.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import type { Topology } from '../../topology/topology.ts';
import { gaps, type Provider, toSpans } from '../provider.ts';
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

function busReset(topology: Topology, bridge: number): Interference | undefined {
  const from = topology.belowFrom[bridge] as number;
  const to = topology.belowTo[bridge] as number;
  if (to - from < 2) return undefined;
  const { functions } = topology.machine;
  const actors: number[] = [];
  let certain = false;
  for (let i = from; i < to && (functions[i] as PciFunction).parent === bridge; i++) {
    const f = functions[i] as PciFunction;
    // Bridges are reset with their bus and not handed over; a VF always has a function level reset.
    if (f.physicalFunction >= 0 || (topology.belowFrom[i] as number) < (topology.belowTo[i] as number)) continue;
    if (f.headerType === 1) continue;
    const reset = resetOf(f);
    if (reset === 'own' || reset === 'none') continue;
    actors.push(i);
    if (reset === 'shared') certain = true;
  }
  if (actors.length === 0) return undefined;
  const acting = toSpans(actors);
  return {
    kind: 'shared-reset',
    where: { kind: 'port', party: bridge },
    actors: acting,
    reach: gaps(acting, from, to),
    mutual: true,
    evidence: [{ kind: 'topology', says: 'no function level reset: only a reset of the whole bus' }],
    remedies: REMEDIES.reset,
    ...(certain ? {} : { undecided: { why: 'their reset capabilities were not read', decidedBy: 'running as root' } }),
  };
}
