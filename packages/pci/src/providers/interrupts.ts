/**
 * @module Forged interrupts: without remapping a device can raise any interrupt by a write to the doorbell.
 */
import type { Interference } from '@isogroups/core';
import { isUnknown } from '../facts/fact.ts';
import { interruptIsolation } from './interrupt-remapping.ts';
import type { Provider } from './provider.ts';
import { REMEDIES } from './remedies.ts';

export const interrupts: Provider = {
  name: 'interrupt remapping',
  interferences({ topology, options }) {
    if (topology.count === 0) return [];
    const isolation = interruptIsolation(topology.machine, options);
    if (!isUnknown(isolation) && isolation.isolated) return [];
    const edge: Interference = {
      kind: 'interrupts',
      where: { kind: 'machine' },
      actors: [{ from: 0, to: topology.count }],
      reach: 'host',
      mutual: false,
      evidence: [{ kind: 'topology', says: isUnknown(isolation) ? isolation.why : isolation.because }],
      remedies: REMEDIES.interrupts,
      ...(isUnknown(isolation) ? { undecided: { why: isolation.why, decidedBy: isolation.decidedBy } } : {}),
    };
    return [edge];
  },
};
