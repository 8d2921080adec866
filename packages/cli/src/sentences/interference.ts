/**
 * @module An interference in words: who can disturb whom, what says so, what is not known.
 */
import { type Evidence, type Interference, type Place, placeName } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { listSpans, nameOf } from './party.ts';

const hex = (n: number, width: number): string => `0x${n.toString(16).padStart(width, '0')}`;

/** An edge that concerns all devices of a machine is told of each of its groups. */
const told = new WeakMap<Interference, string>();

/** One sentence about all of an edge, without its evidence and without a full stop. */
export function interferenceSentence(analysis: Analysis, edge: Interference): string {
  let sentence = told.get(edge);
  if (sentence === undefined) {
    sentence = compose(analysis, edge);
    told.set(edge, sentence);
  }
  return sentence;
}

function compose(analysis: Analysis, edge: Interference): string {
  const actors = listSpans(analysis, edge.actors);
  const several = edge.actors.length > 1 || edge.actors.some((s) => s.to - s.from > 1);
  const reach = edge.reach === 'host' ? 'the host' : listSpans(analysis, edge.reach);
  const others = edge.reach === 'host' || edge.reach.length === 0 ? '' : ` and ${reach}`;
  const has = several ? 'have' : 'has';
  switch (edge.kind) {
    case 'same-requester':
      return `the IOMMU cannot tell the DMA of ${actors}${others} apart`;
    case 'peer-to-peer':
      return peerSentence(analysis, edge, actors, reach);
    case 'interrupts':
      return `${actors} can forge interrupts of the host`;
    case 'untranslated':
      return `no IOMMU translates the DMA of ${actors}: all memory can be reached`;
    case 'firmware-memory':
      return `${actors} ${several ? 'keep' : 'keeps'} access to memory that the firmware uses`;
    case 'translated-requests':
      return `${actors} ${has} ATS on, and no port blocks what is marked as translated`;
    case 'forged-requester':
      return `${actors} can send under the requester id of another device${edge.mutual && several ? ', and of each other' : ''}`;
    case 'shared-reset':
      return `${actors} can only be reset together with all on the bus`;
  }
}

function peerSentence(analysis: Analysis, edge: Interference, actors: string, reach: string): string {
  const place = edge.where.kind === 'port' || edge.where.kind === 'bridge' ? edge.where.party : undefined;
  const turnsBack = place !== undefined && isBelow(analysis, place, edge);
  if (turnsBack && edge.where.kind === 'port')
    return `port ${nameOf(analysis, place)} can turn requests of ${actors} back down`;
  if (turnsBack) return `${actors} can reach each other on the bus behind ${nameOf(analysis, place)}`;
  if (edge.mutual && (edge.reach === 'host' || edge.reach.length === 0)) return `${actors} can reach each other`;
  if (edge.mutual) return `${actors} can reach each other and ${reach}`;
  return `${actors} can reach ${reach}`;
}

/** Whether the place is a port and the actors are all below it. */
function isBelow({ topology }: Analysis, port: number, edge: Interference): boolean {
  const from = topology.belowFrom[port] as number;
  const to = topology.belowTo[port] as number;
  return from < to && edge.actors.every((s) => s.from >= from && s.to <= to);
}

/** A clause: `ACS control of 00:1c.0 (at 0x146) reads 0x0001: RR CR UF are off`. */
export function evidenceSentence(analysis: Analysis, evidence: Evidence): string {
  switch (evidence.kind) {
    case 'register': {
      const { missing } = evidence;
      const off = missing.length === 0 ? '' : `: ${missing.join(' ')} ${missing.length === 1 ? 'is' : 'are'} off`;
      return `${evidence.register} of ${nameOf(analysis, evidence.party)} (at ${hex(evidence.offset, 3)}) reads ${hex(evidence.value, 4)}${off}`;
    }
    case 'no-capability':
      return `${nameOf(analysis, evidence.party)} has no ${evidence.capability} capability`;
    case 'unread':
      return `whether ${nameOf(analysis, evidence.party)} has ${evidence.capability} on was not read`;
    case 'table':
      return `${evidence.table} at ${hex(evidence.offset, 2)}: ${shortened(analysis, evidence.says)}`;
    case 'quirk':
      return `${nameOf(analysis, evidence.party)} ${shortened(analysis, evidence.says)}`;
    case 'topology':
      return shortened(analysis, evidence.says);
    case 'host':
      return `${evidence.file}: ${shortened(analysis, evidence.says)}`;
  }
}

/** Addresses in a clause that pci wrote, as the rest of the text writes them. */
function shortened(analysis: Analysis, text: string): string {
  return analysis.machine.functions.some((f) => f.segment !== 0)
    ? text
    : text.replace(/\b0000:(?=[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]\b)/g, '');
}

/** Where it happens: `port 00:1c.0`, `vtd0`, `the machine`. */
export function placeSentence(analysis: Analysis, where: Place): string {
  switch (where.kind) {
    case 'iommu':
      return where.name;
    case 'machine':
      return 'the machine';
    case 'slot':
      return `slot ${nameOf(analysis, where.party).slice(0, -2)}`;
    default:
      return `${where.kind} ${nameOf(analysis, where.party)}`;
  }
}

/** As `--accept kind@place` takes it. */
export function acceptWord({ graph }: Analysis, edge: Interference): string {
  return edge.where.kind === 'machine' ? edge.kind : `${edge.kind}@${placeName(graph, edge.where)}`;
}

/** What is not known of it and what would decide it; undefined where all is known. */
export function undecidedSentence(edge: Interference): string | undefined {
  return edge.undecided === undefined
    ? undefined
    : `${edge.undecided.why}; what would decide it: ${edge.undecided.decidedBy}`;
}
