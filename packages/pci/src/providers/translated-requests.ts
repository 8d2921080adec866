/**
 * @module ATS: a device marks requests as translated and the IOMMU lets them pass. Only a port with Translation Blocking
 * on keeps them out.
 */
import type { Interference } from '@isogroups/core';
import { ACS_TB } from '../config-space/acs.ts';
import { isUnknown, known } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { noAts } from '../quirks/ats-quirks.ts';
import { PORT } from '../topology/port-type.ts';
import type { Topology } from '../topology/topology.ts';
import { type Provider, single, toSpans } from './provider.ts';
import { REMEDIES } from './remedies.ts';

const CONTROL = 6;
const ENABLE = 0x8000;

export const translatedRequests: Provider = {
  name: 'ATS',
  interferences({ topology }) {
    const found: Interference[] = [];
    const unread: number[] = [];
    for (const i of topology.maybeAts) {
      const f = topology.machine.functions[i] as PciFunction;
      const { ats } = f;
      // Linux never switches on what a quirk takes away.
      if (ats === null || known(noAts(f)) === true) continue;
      if (isUnknown(ats) || isUnknown(ats.enabled)) {
        unread.push(i);
        continue;
      }
      if (!ats.enabled || blocked(topology, i)) continue;
      found.push({
        kind: 'translated-requests',
        where: { kind: 'device', party: i },
        actors: [single(i)],
        reach: 'host',
        mutual: false,
        evidence: [
          {
            kind: 'register',
            party: i,
            register: 'ATS control',
            offset: ats.offset + CONTROL,
            value: ENABLE,
            missing: [],
          },
        ],
        remedies: REMEDIES.ats,
      });
    }
    const first = unread[0];
    if (first !== undefined) {
      found.push({
        kind: 'translated-requests',
        where: { kind: 'device', party: first },
        actors: toSpans(unread),
        reach: 'host',
        mutual: false,
        evidence: [{ kind: 'no-capability', party: first, capability: 'ATS' }],
        remedies: REMEDIES.ats,
        undecided: { why: 'whether ATS is on was not read', decidedBy: 'reading extended configuration space as root' },
      });
    }
    return found;
  },
};

function blocked(topology: Topology, i: number): boolean {
  const { parent } = topology;
  for (let port = parent[i] as number; port >= 0; port = parent[port] as number) {
    const { acs } = topology.machine.functions[port] as PciFunction;
    const type = topology.portType[port];
    if ((type !== PORT.root && type !== PORT.downstream) || isUnknown(acs) || acs === null) continue;
    if (!isUnknown(acs.control) && (acs.control & ACS_TB) !== 0) return true;
  }
  return false;
}
