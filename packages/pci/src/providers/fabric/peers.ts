/**
 * @module Peer-to-peer inside a slot or a switch: a function whose ACS control does not redirect its requests can reach
 * its peers directly. Only the sender's bits count (PCIe 6.0, 6.12.3): a peer that redirects its own requests is still
 * reached by those that do not. Linux looks at each function alone and never compares ports of a switch.
 */
import type { Interference, Span } from '@isogroups/core';
import { isUnknown } from '../../facts/fact.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import type { AcsFinding } from '../../kernel/acs-rule.ts';
import { NOT_EXPRESS, PORT, UNKNOWN_TYPE } from '../../topology/port-type.ts';
import type { Topology } from '../../topology/topology.ts';
import { evidenceOf, undecidedOf } from '../evidence.ts';
import { below, mergeSpans, type Provider, type ProviderInput, single, toSpans, without } from '../provider.ts';
import { REMEDIES } from '../remedies.ts';
import { redirection } from './redirection.ts';

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
  const { parent } = topology.machine.functions[i] as PciFunction;
  const above = parent < 0 ? NOT_EXPRESS : (topology.portType[parent] as number);
  // What could not be read may be a switch.
  if (above === PORT.upstream || above === UNKNOWN_TYPE) return topology.busTo[i] as number;
  return hasAriBus(topology, parent) ? (topology.busTo[i] as number) : (topology.slotTo[i] as number);
}

function hasAriBus(topology: Topology, parent: number): boolean {
  if (parent < 0) return false;
  const { express } = topology.machine.functions[parent] as PciFunction;
  return express !== null && 'ariForwarding' in express && express.ariForwarding === true;
}

function meetPeers(input: ProviderInput, from: number, to: number, found: Interference[]): void {
  const { topology, acsContext } = input;
  const leaves: number[] = [];
  const ports: number[] = [];
  const members: number[] = [];
  let anyBelow = false;
  for (let i = from; i < to; i++) {
    if (isHostBridge(topology, i)) continue;
    const finding = redirection(topology, i, acsContext);
    const isPort = hasBelow(topology, i);
    if (finding.isolated === true && (topology.machine.functions[i] as PciFunction).physicalFunction >= 0) continue;
    // A vendor's word that functions cannot talk to each other inside the device holds in both directions.
    if (finding.kind === 'quirk' && finding.isolated && !isPort) continue;
    members.push(i);
    anyBelow ||= isPort;
    if (finding.isolated !== true) (isPort ? ports : leaves).push(i);
  }
  if (members.length < 2 || (leaves.length === 0 && ports.length === 0)) return;
  // The functions of a bus stand before all that is below them, so this is in order already.
  const functions = toSpans(members);
  const all = anyBelow ? [...functions, ...mergeSpans(members.flatMap((i) => below(topology, i)))] : functions;
  if (leaves.length > 0) {
    found.push(meeting(input, leaves, toSpans(leaves), all, { kind: 'slot', party: from }, leaves.length > 1));
  }
  for (const port of ports) {
    const actors = [single(port), ...below(topology, port)];
    found.push(meeting(input, [port], actors, all, { kind: 'port', party: port }, false));
  }
}

const HOST_BRIDGE = 0x0600;

/** A host bridge (AMD has one in every slot of root ports) is configuration registers: it neither sends nor routes. */
function isHostBridge(topology: Topology, i: number): boolean {
  const { classCode } = topology.machine.functions[i] as PciFunction;
  return !isUnknown(classCode) && classCode >> 8 === HOST_BRIDGE;
}

function hasBelow(topology: Topology, i: number): boolean {
  return (topology.belowFrom[i] as number) < (topology.belowTo[i] as number);
}

/**
 * @param open Peers whose requests are not redirected.
 * @param all What all peers together hold; the actors reach the rest of it.
 */
function meeting(
  { topology, acsContext }: ProviderInput,
  open: readonly number[],
  actors: readonly Span[],
  all: readonly Span[],
  where: Interference['where'],
  mutual: boolean,
): Interference {
  const finding = (i: number): AcsFinding => redirection(topology, i, acsContext);
  const undecided = open.every((i) => finding(i).kind === 'unknown')
    ? undecidedOf(finding(open[0] as number))
    : undefined;
  return {
    kind: 'peer-to-peer',
    where,
    actors,
    reach: without(all, actors),
    mutual,
    // Worked out when asked for: grouping needs none of it, and a large machine has a million of these.
    get evidence() {
      return open.map((i) => evidenceOf(i, finding(i)));
    },
    get remedies() {
      return open.some((i) => finding(i).kind === 'control') ? REMEDIES.acsOff : REMEDIES.noAcs;
    },
    ...(undecided === undefined ? {} : { undecided }),
  };
}
