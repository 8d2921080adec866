/**
 * @module Peer-to-peer inside a slot or a switch: a function whose ACS control does not redirect its requests can reach
 * its peers directly. Only the sender's bits count (PCIe 6.0, 6.12.3): a peer that redirects its own requests is still
 * reached by those that do not. Linux looks at each function alone and never compares ports of a switch.
 */
import type { Interference, Span } from '@isogroups/core';
import type { AcsFinding } from '../../kernel/acs-rule.ts';
import { NOT_EXPRESS, PORT, UNKNOWN_TYPE } from '../../topology/port-type.ts';
import { ROLE } from '../../topology/role.ts';
import { hasBelow, type Topology } from '../../topology/topology.ts';
import { below, mergeSpans, type Provider, type ProviderInput, single, toSpans, without } from '../provider.ts';
import { OpenSenders } from './open-senders.ts';
import { redirection } from './redirection.ts';
import { sendersOfPort } from './senders-of-port.ts';

export const peers: Provider = {
  name: 'PCI fabric: peers',
  interferences(input) {
    const { topology } = input;
    const found: Interference[] = [];
    for (let from = 0; from < topology.count; ) {
      const to = peerSetEnd(topology, from);
      if (to - from > 1) meetPeers(input, from, to, found);
      from = to;
    }
    return found;
  },
};

/** Peers are the ports of one switch, or the functions of one slot (with ARI: of the whole bus). */
function peerSetEnd(topology: Topology, i: number): number {
  const parent = topology.parent[i] as number;
  const above = parent < 0 ? NOT_EXPRESS : (topology.portType[parent] as number);
  // What could not be read may be a switch.
  const isWholeBus =
    above === PORT.upstream || above === UNKNOWN_TYPE || (parent >= 0 && topology.forwardsAri[parent] === 1);
  return (isWholeBus ? topology.busTo[i] : topology.slotTo[i]) as number;
}

function meetPeers(input: ProviderInput, from: number, to: number, found: Interference[]): void {
  const { topology, acsContext } = input;
  const leaves: number[] = [];
  const ports: (readonly [port: number, finding: AcsFinding])[] = [];
  const members: number[] = [];
  let anyBelow = false;
  for (let i = from; i < to; i++) {
    if (topology.role[i] === ROLE.hostBridge) continue;
    const finding = redirection(topology, i, acsContext);
    const hasSubtree = hasBelow(topology, i);
    if (finding.isolated === true && topology.isVirtual[i] === 1) continue;
    // A vendor's word that functions cannot talk to each other inside the device holds in both directions.
    if (finding.kind === 'quirk' && finding.isolated && !hasSubtree) continue;
    members.push(i);
    anyBelow ||= hasSubtree;
    if (finding.isolated === true) continue;
    if (hasSubtree) ports.push([i, finding]);
    else leaves.push(i);
  }
  if (members.length < 2 || (leaves.length === 0 && ports.length === 0)) return;

  // The functions of a bus stand before all that is below them, so this is in order already.
  const functions = toSpans(members);
  const all = anyBelow ? [...functions, ...mergeSpans(members.flatMap((i) => below(topology, i)))] : functions;
  const meeting = (where: Interference['where'], actors: readonly Span[], mutual: boolean, own = actors): void => {
    found.push(new OpenSenders(input, where, actors, without(all, own), mutual));
  };
  if (leaves.length > 0) {
    const actors = leaves.length === members.length ? functions : toSpans(leaves);
    meeting({ kind: 'slot', party: from }, actors, leaves.length > 1);
  }
  for (const [port, finding] of ports) {
    const senders = sendersOfPort(input, port, finding);
    meeting({ kind: 'port', party: port }, senders, false, [single(port), ...below(topology, port)]);
  }
}
