/**
 * @module Devices that no IOMMU knows of, because software made them or they sit on a bus of their own: their DMA is that
 * of the PCI function that they are a child of.
 */
import type { Interference } from '@isogroups/core';
import { type Provider, single } from './provider.ts';
import { REMEDIES } from './remedies.ts';

export const parent: Provider = {
  name: 'parent',
  interferences({ topology }) {
    const found: Interference[] = [];
    topology.machine.others.forEach((child, k) => {
      if (child.parent < 0) return;
      found.push({
        kind: 'same-requester',
        where: { kind: 'device', party: child.parent },
        actors: [single(topology.count + k)],
        reach: [single(child.parent)],
        mutual: false,
        evidence: [{ kind: 'topology', says: `${child.name} has no requester id of its own: its parent sends for it` }],
        remedies: REMEDIES.together,
      });
    });
    return found;
  },
};
