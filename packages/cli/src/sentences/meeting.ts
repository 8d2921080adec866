/**
 * @module Where devices meet below the IOMMU, in words, and what is to blame: edges at one place are told as one.
 */
import type { Interference, InterferenceKind, Span } from '@isogroups/core';
import { type Analysis, known, type PciFunction, PORT } from '@isogroups/pci';
import { blame } from './blame.ts';
import { nameOf } from './party.ts';

export interface Meeting {
  readonly kind: InterferenceKind;
  /** `switch 01:00.0`, `slot 00:1f`, `bridge 03:00.0`: completes "through ...". */
  readonly through: string;
  readonly edges: readonly Interference[];
  /** What says so, without a full stop. */
  readonly because: string;
}

/** The edges by the place where they happen, in the order in which places first appear. */
export function meetings(analysis: Analysis, edges: readonly Interference[]): readonly Meeting[] {
  const byPlace = new Map<string, { kind: InterferenceKind; through: string; edges: Interference[] }>();
  for (const edge of edges) {
    const through = placeOf(analysis, edge);
    const key = `${edge.kind} ${through}`;
    const entry = byPlace.get(key);
    if (entry === undefined) byPlace.set(key, { kind: edge.kind, through, edges: [edge] });
    else entry.edges.push(edge);
  }
  return [...byPlace.values()].map((m) => ({ ...m, because: becauseOf(analysis, m.edges) }));
}

function becauseOf(analysis: Analysis, edges: readonly Interference[]): string {
  return blame(
    analysis,
    edges.flatMap((e) => e.evidence),
  );
}

/** Ports of a switch meet in the switch, root ports in the root complex. */
function placeOf(analysis: Analysis, edge: Interference): string {
  const { where } = edge;
  switch (where.kind) {
    case 'iommu':
      return `IOMMU ${where.name}`;
    case 'machine':
      return 'the machine';
    case 'device':
      return nameOf(analysis, where.party);
    case 'bridge':
      return `bridge ${nameOf(analysis, where.party)}`;
    case 'slot':
      return slotText(analysis, where.party);
    case 'port':
      return portPlace(analysis, edge, where.party);
  }
}

function portPlace(analysis: Analysis, edge: Interference, port: number): string {
  const { machine, topology } = analysis;
  const [from, to] = [topology.belowFrom[port] as number, topology.belowTo[port] as number];
  if (edge.actors.every((s) => s.from >= from && s.to <= to)) return `port ${nameOf(analysis, port)}`;
  const { parent } = machine.functions[port] as PciFunction;
  if (parent >= 0 && topology.portType[parent] === PORT.upstream) return `switch ${nameOf(analysis, parent)}`;
  const inSlot = (s: Span): boolean => topology.slotFrom[s.from] === topology.slotFrom[port];
  const isSlot = edge.reach !== 'host' && edge.reach.some(inSlot);
  return parent < 0 && topology.portType[port] === PORT.root && !isSlot ? 'the root complex' : slotText(analysis, port);
}

/** `slot 01:00`, or `bus 01` where ARI makes the whole bus one slot. */
function slotText(analysis: Analysis, party: number): string {
  const { parent } = analysis.machine.functions[party] as PciFunction;
  const above = parent < 0 ? undefined : known((analysis.machine.functions[parent] as PciFunction).express);
  const name = nameOf(analysis, party);
  return above?.ariForwarding === true ? `bus ${name.slice(0, -5)}` : `slot ${name.slice(0, -2)}`;
}

/** How devices meet there, and what says so: a clause without a full stop. */
export function meetingSentence({ kind, through, because }: Meeting): string {
  return `${lead(kind, through)}: ${because}`;
}

function lead(kind: InterferenceKind, through: string): string {
  const [sort] = through.split(' ', 1);
  switch (kind) {
    case 'same-requester':
      return sort === 'bridge' ? `all behind ${through} share one requester id` : `one requester id at ${through}`;
    case 'peer-to-peer':
      if (sort === 'port') return `${through} can turn requests back down`;
      if (sort === 'switch') return `ports of ${through} can reach each other`;
      if (sort === 'bridge') return `all on the bus of ${through} can reach each other`;
      return through === 'the root complex'
        ? 'root ports can reach each other'
        : `functions of ${through} can reach each other`;
    case 'forged-requester':
      return `requester ids can be forged at ${through}`;
    case 'shared-reset':
      return `all below ${through} are reset together`;
    default:
      return `${kind} at ${through}`;
  }
}
