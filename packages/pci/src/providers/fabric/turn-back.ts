/**
 * @module Peer-to-peer below one port: without Upstream Forwarding a root or downstream port may send a request that comes
 * from below straight back down, to another device below it, or to its own registers. A device that is alone below a
 * port without registers in memory meets nobody but itself.
 */
import type { Interference } from '@isogroups/core';
import { ACS_UF } from '../../config-space/acs.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import { PORT, UNKNOWN_TYPE } from '../../topology/port-type.ts';
import { hasBelow, isPort, type Topology } from '../../topology/topology.ts';
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
      if (!holdsTwoDevices(topology, i) && !mayHaveRegisters(topology.machine.functions[i] as PciFunction)) continue;
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

/**
 * Bridges on the way pass the request on, apart from one that leads from conventional PCI to PCI Express: what is for below
 * it never comes up through it, so that all below it are as one.
 */
function holdsTwoDevices(topology: Topology, port: number): boolean {
  const to = topology.belowTo[port] as number;
  let devices = 0;
  for (let i = topology.belowFrom[port] as number; i < to; i++) {
    const isOne = topology.portType[i] === PORT.pciToExpress && hasBelow(topology, i);
    if (isPort(topology, i) && !isOne) continue;
    if (++devices === 2) return true;
    if (isOne) i = (topology.belowTo[i] as number) - 1;
  }
  return false;
}

const BASE_ADDRESSES = 0x10;
/** A bridge has two. */
const BASE_ADDRESSES_END = 0x18;

/** What was not read may be there. */
function mayHaveRegisters({ config }: PciFunction): boolean {
  const bytes = config?.bytes;
  if (bytes === undefined || bytes.length < BASE_ADDRESSES_END) return true;
  return bytes.subarray(BASE_ADDRESSES, BASE_ADDRESSES_END).some((byte) => byte !== 0);
}
