/**
 * @module ATS: a device marks requests as translated and the IOMMU lets them pass. Only a port with Translation Blocking
 * on keeps them out.
 */
import type { Evidence, Interference } from '@isogroups/core';
import { isUnknown, known } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { noAts } from '../quirks/ats-quirks.ts';
import { isBlockedAbove } from './blocks-translated.ts';
import { type Provider, single, toSpans } from './provider.ts';
import { REMEDIES } from './remedies.ts';

const CONTROL = 6;
const ENABLE = 0x8000;
const UNREAD = 'whether ATS is on was not read';

/** The register that has ATS on, as evidence. */
export function atsIsOn(party: number, offset: number): Evidence {
  return { kind: 'register', party, register: 'ATS control', offset: offset + CONTROL, value: ENABLE, missing: [] };
}

export const translatedRequests: Provider = {
  name: 'ATS',
  interferences({ topology, aliases }) {
    const found: Interference[] = [];
    const unread: number[] = [];
    for (const i of topology.maybeAts) {
      const f = topology.machine.functions[i] as PciFunction;
      const { ats } = f;
      // Linux never switches on what a quirk takes away.
      if (ats === null || known(noAts(f)) === true) continue;
      // Conventional PCI cannot carry the mark.
      if (aliases.aliasBridgeAbove(i) >= 0) continue;
      if (isUnknown(ats) || isUnknown(ats.enabled)) {
        unread.push(i);
        continue;
      }
      if (!ats.enabled || isBlockedAbove(topology, i)) continue;
      found.push({
        kind: 'translated-requests',
        where: { kind: 'device', party: i },
        actors: [single(i)],
        reach: 'host',
        mutual: false,
        evidence: [atsIsOn(i, ats.offset)],
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
        evidence: [{ kind: 'unread', party: first, capability: 'ATS', why: UNREAD }],
        remedies: REMEDIES.ats,
        undecided: { why: UNREAD, decidedBy: 'reading extended configuration space as root' },
      });
    }
    return found;
  },
};
