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
import {
  below,
  type GrowingSpan,
  grow,
  mergeSpans,
  type Provider,
  type ProviderInput,
  single,
  without,
} from '../provider.ts';
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
  // The functions of a bus stand before all that is below them, so spans of them and of subtrees are in order.
  const functions: GrowingSpan[] = [];
  const leaves: GrowingSpan[] = [];
  let ports: (readonly [port: number, finding: AcsFinding])[] | undefined;
  let anyBelow = false;
  for (let i = from; i < to; i++) {
    if (topology.role[i] === ROLE.hostBridge) continue;
    const finding = redirection(topology, i, acsContext);
    const hasSubtree = hasBelow(topology, i);
    if (finding.isolated === true && topology.isVirtual[i] === 1) continue;
    // A vendor's word that functions cannot talk to each other inside the device holds in both directions.
    if (finding.kind === 'quirk' && finding.isolated && !hasSubtree) continue;
    grow(functions, i);
    anyBelow ||= hasSubtree;
    if (finding.isolated === true) continue;
    if (!hasSubtree) grow(leaves, i);
    else if (ports === undefined) ports = [[i, finding]];
    else ports.push([i, finding]);
  }
  if (!holdTwo(functions) || (leaves.length === 0 && ports === undefined)) return;

  const all = anyBelow ? [...functions, ...subtreesOf(topology, functions)] : functions;
  const meeting = (where: Interference['where'], actors: readonly Span[], mutual: boolean, own = actors): void => {
    found.push(new OpenSenders(input, where, actors, without(all, own), mutual));
  };
  if (leaves.length > 0) meeting({ kind: 'slot', party: from }, leaves, holdTwo(leaves));
  if (ports === undefined) return;
  for (const [port, finding] of ports) {
    const senders = sendersOfPort(input, port, finding);
    meeting({ kind: 'port', party: port }, senders, false, [single(port), ...below(topology, port)]);
  }
}

/** Whether more than one function is in the spans. */
function holdTwo(spans: readonly Span[]): boolean {
  const [first] = spans;
  return spans.length > 1 || (first !== undefined && first.to - first.from > 1);
}

/** What is below functions of one bus. */
function subtreesOf(topology: Topology, functions: readonly Span[]): readonly Span[] {
  const subtrees: Span[] = [];
  for (const { from, to } of functions) {
    for (let i = from; i < to; i++) if (hasBelow(topology, i)) subtrees.push(...below(topology, i));
  }
  return mergeSpans(subtrees);
}
