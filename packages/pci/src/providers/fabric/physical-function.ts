/**
 * @module Peer-to-peer from a physical function to its virtual ones. For ACS a device with virtual functions has several
 * functions, also where its header tells of one: a physical function that implements redirection and has it off reaches
 * its virtual functions, wherever their numbers are. Without the capability nothing says that there is such a way, as
 * between virtual functions.
 *
 * Linux takes such a physical function for the only one of its device.
 */
import type { Interference } from '@isogroups/core';
import { evidenceOf } from '../evidence.ts';
import { type Provider, single, toSpans } from '../provider.ts';
import { REMEDIES } from '../remedies.ts';
import { redirectionToVirtual } from './redirection.ts';

export const physicalFunction: Provider = {
  name: 'PCI fabric: physical function',
  interferences({ topology, acsContext }) {
    const { functions } = topology.machine;
    const virtual = new Map<number, number[]>();
    for (let i = 0; i < topology.count; i++) {
      if (topology.isVirtual[i] !== 1) continue;
      const pf = functions[i]?.physicalFunction as number;
      const list = virtual.get(pf);
      if (list === undefined) virtual.set(pf, [i]);
      else list.push(i);
    }
    const found: Interference[] = [];
    for (const [pf, members] of virtual) {
      const finding = redirectionToVirtual(topology, pf, acsContext);
      if (finding.kind !== 'control' || finding.isolated) continue;
      found.push({
        kind: 'peer-to-peer',
        where: { kind: 'device', party: pf },
        actors: [single(pf)],
        reach: toSpans(members),
        mutual: false,
        evidence: [evidenceOf(pf, finding)],
        remedies: REMEDIES.acsOff,
      });
    }
    return found;
  },
};
