/**
 * @module Peer-to-peer below one port: without Upstream Forwarding a root or downstream port may send a request that comes
 * from below straight back down, to another device below it.
 */
import type { Interference } from '@isogroups/core';
import { ACS_UF } from '../../config-space/acs.ts';
import { PORT, UNKNOWN_TYPE } from '../../topology/port-type.ts';
import { hasBelow } from '../../topology/topology.ts';
import { evidenceOf, undecidedOf } from '../evidence.ts';
import { below, type Provider, single } from '../provider.ts';
import { REMEDIES } from '../remedies.ts';
import { redirection } from './redirection.ts';

export const turnBack: Provider = {
  name: 'PCI fabric: turn back',
  interferences({ topology, acsContext }) {
    const found: Interference[] = [];
    for (let i = 0; i < topology.count; i++) {
      const type = topology.portType[i];
      if (type !== PORT.root && type !== PORT.downstream && type !== UNKNOWN_TYPE) continue;
      if (!hasBelow(topology, i)) continue;
      const finding = redirection(topology, i, acsContext, ACS_UF);
      if (finding.isolated === true) continue;
      const undecided = undecidedOf(finding);
      found.push({
        kind: 'peer-to-peer',
        where: { kind: 'port', party: i },
        actors: below(topology, i),
        reach: [single(i)],
        mutual: true,
        evidence: [evidenceOf(i, finding)],
        remedies: finding.kind === 'control' ? REMEDIES.acsOff : REMEDIES.noAcs,
        ...(undecided === undefined ? {} : { undecided }),
      });
    }
    return found;
  },
};
