/**
 * @module Peer-to-peer inside a slot or a switch: a function whose ACS control does not redirect its requests can reach
 * its peers directly. Only the sender's bits count (PCIe 6.0, 6.12.3): a peer that redirects its own requests is still
 * reached by those that do not. Linux looks at each function alone and never compares ports of a switch.
 */
import type { Interference, Remedy, Span } from '@isogroups/core';
import { ACS_CR, ACS_RR } from '../../config-space/acs.ts';
import { isUnknown } from '../../facts/fact.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import { type AcsFinding, acsFinding } from '../../kernel/acs-rule.ts';
import { PORT } from '../../topology/port-type.ts';
import type { Topology } from '../../topology/topology.ts';
import { evidenceOf, undecidedOf } from '../evidence.ts';
import { below, mergeSpans, type Provider, type ProviderInput, single, toSpans, without } from '../provider.ts';
import { REMEDIES } from '../remedies.ts';

const REDIRECT = ACS_RR | ACS_CR;

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
  if (parent >= 0 && topology.portType[parent] === PORT.upstream) return topology.busTo[i] as number;
  return hasAriBus(topology, parent) ? (topology.busTo[i] as number) : (topology.slotTo[i] as number);
}

function hasAriBus(topology: Topology, parent: number): boolean {
  if (parent < 0) return false;
  const { express } = topology.machine.functions[parent] as PciFunction;
  return express !== null && 'ariForwarding' in express && express.ariForwarding === true;
}

/** A peer whose requests are not redirected. */
interface Open {
  readonly index: number;
  readonly finding: AcsFinding;
}

function meetPeers({ topology, acsContext }: ProviderInput, from: number, to: number, found: Interference[]): void {
  const leaves: Open[] = [];
  const ports: Open[] = [];
  const members: number[] = [];
  for (let i = from; i < to; i++) {
    // A virtual function has no path to its siblings unless an ACS capability says so (SR-IOV 1.1, 2.1.2).
    if ((topology.machine.functions[i] as PciFunction).physicalFunction >= 0) continue;
    if (isHostBridge(topology, i)) continue;
    const finding = acsFinding(topology, i, acsContext, REDIRECT);
    const isPort = hasBelow(topology, i);
    // A vendor's word that functions cannot talk to each other inside the device holds in both directions.
    if (finding.kind === 'quirk' && finding.isolated && !isPort) continue;
    members.push(i);
    if (finding.isolated !== true) (isPort ? ports : leaves).push({ index: i, finding });
  }
  if (members.length < 2 || (leaves.length === 0 && ports.length === 0)) return;
  // The functions of a bus stand before all that is below them, so this is in order already.
  const all = [...toSpans(members), ...mergeSpans(members.flatMap((i) => below(topology, i)))];
  if (leaves.length > 0) {
    const actors = toSpans(leaves.map((l) => l.index));
    found.push(meeting(leaves, actors, all, { kind: 'slot', party: from }, leaves.length > 1));
  }
  for (const port of ports) {
    const actors = [single(port.index), ...below(topology, port.index)];
    found.push(meeting([port], actors, all, { kind: 'port', party: port.index }, false));
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

/** @param all What all peers together hold; the actors reach the rest of it. */
function meeting(
  open: readonly Open[],
  actors: readonly Span[],
  all: readonly Span[],
  where: Interference['where'],
  mutual: boolean,
): Interference {
  const undecided = open.every((o) => o.finding.kind === 'unknown')
    ? undecidedOf((open[0] as Open).finding)
    : undefined;
  return {
    kind: 'peer-to-peer',
    where,
    actors,
    reach: without(all, actors),
    mutual,
    evidence: open.map((o) => evidenceOf(o.index, o.finding)),
    remedies: remediesFor(open),
    ...(undecided === undefined ? {} : { undecided }),
  };
}

function remediesFor(open: readonly Open[]): readonly Remedy[] {
  return open.some((o) => o.finding.kind === 'control') ? REMEDIES.acsOff : REMEDIES.noAcs;
}
