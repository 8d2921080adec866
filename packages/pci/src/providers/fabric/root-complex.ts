/**
 * @module Peer-to-peer between root ports of one root complex. A root port implements Request Redirect only where its
 * root complex can route between root ports (PCIe 6.0, 6.12.1.1): the bit implemented and off is the evidence. A port
 * without the capability says nothing, and nothing is claimed of it beyond its own slot and what is below it.
 */
import type { Interference, Span } from '@isogroups/core';
import { PORT } from '../../topology/port-type.ts';
import type { Topology } from '../../topology/topology.ts';
import { evidenceOf } from '../evidence.ts';
import { below, mergeSpans, type Provider, single, without } from '../provider.ts';
import { REMEDIES } from '../remedies.ts';
import { redirection } from './redirection.ts';
import { sendersOfPort } from './senders-of-port.ts';

export const rootComplex: Provider = {
  name: 'PCI fabric: root complex',
  interferences(input) {
    const { topology, acsContext } = input;
    const found: Interference[] = [];
    for (let from = 0; from < topology.count; from = topology.busTo[from] as number) {
      if (topology.onRootBus[from] !== 1) continue;
      const ports: number[] = [];
      for (let i = from; i < (topology.busTo[from] as number); i++)
        if (topology.portType[i] === PORT.root) ports.push(i);
      if (ports.length < 2) continue;
      let all: readonly Span[] | undefined;
      for (const i of ports) {
        const finding = redirection(topology, i, acsContext);
        if (finding.kind !== 'control' || finding.isolated) continue;
        all ??= mergeSpans(ports.flatMap((port) => reachOf(topology, port)));
        const actors = sendersOfPort(input, i, finding);
        found.push({
          kind: 'peer-to-peer',
          where: { kind: 'port', party: i },
          actors,
          reach: without(all, reachOf(topology, i)),
          mutual: false,
          evidence: [evidenceOf(i, finding)],
          remedies: REMEDIES.acsOff,
        });
      }
    }
    return found;
  },
};

/** A port and what is below it. */
function reachOf(topology: Topology, port: number): readonly Span[] {
  return [single(port), ...below(topology, port)];
}
