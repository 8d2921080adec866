/**
 * @module Functions that no IOMMU translates: they reach all memory.
 */
import type { Interference } from '@isogroups/core';
import type { Provider } from './provider.ts';
import { REMEDIES } from './remedies.ts';

export const untranslated: Provider = {
  name: 'IOMMU coverage',
  interferences({ topology, coverage }) {
    const found: Interference[] = [];
    // Neighbours that are left out for the same reason make one record.
    for (let from = 0; from < topology.count; ) {
      if (coverage.unitOf(from) >= 0) {
        from++;
        continue;
      }
      let to = from + 1;
      while (to < topology.count && coverage.unitOf(to) < 0) to++;
      found.push({
        kind: 'untranslated',
        where: coverage.units.length === 0 ? { kind: 'machine' } : { kind: 'device', party: from },
        actors: [{ from, to }],
        reach: 'host',
        mutual: false,
        evidence: [{ kind: 'topology', says: coverage.because(from) }],
        remedies: REMEDIES.untranslated,
      });
      from = to;
    }
    if (coverage.undecided !== undefined && topology.count > 0) {
      found.push({
        kind: 'untranslated',
        where: { kind: 'machine' },
        actors: [{ from: 0, to: topology.count }],
        reach: 'host',
        mutual: false,
        evidence: [{ kind: 'topology', says: coverage.undecided.why }],
        remedies: REMEDIES.untranslated,
        undecided: { why: coverage.undecided.why, decidedBy: coverage.undecided.decidedBy },
      });
    }
    return found;
  },
};
