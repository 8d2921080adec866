/**
 * @module A packet that shows an interference: for every end of it. Every actor must disturb something in the edge's reach,
 * and everything in reach must be disturbed by an actor.
 */
import type { Interference, InterferenceKind, Span } from '@isogroups/core';
import { requesterId } from '@isogroups/pci';
import type { FabricFunction } from '../fabric/fabric.ts';
import type { Packet } from '../fabric/packet.ts';
import type { Router } from '../fabric/router.ts';
import { canForge } from './forgeable-ids.ts';
import { HOST_PAGE } from './memory-plan.ts';
import { ownIds } from './own-ids.ts';
import type { ProofSubject } from './subject.ts';

/** The one kind that no packet shows: a reset is no packet. */
export const NOT_SHOWN_BY_PACKETS: ReadonlySet<InterferenceKind> = new Set(['shared-reset']);

/** Parties that the edge names and no packet bears out; none for an edge that is shown. */
export interface Shown {
  /** Actors that disturb nothing in reach. */
  readonly idle: readonly number[];
  /** Parties in reach that no actor disturbs. */
  readonly untouched: readonly number[];
}

export interface Witnesses {
  show(edge: Interference): Shown;
}

/** @param arrivalsOf as what each function comes to the units. */
export function createWitnesses(
  subject: ProofSubject,
  router: Router,
  arrivalsOf: readonly (readonly number[])[],
): Witnesses {
  const { functions, doorbell } = subject.fabric;
  const through = new Map(subject.children.map((c) => [c.party, c.through]));
  /** The function that sends for a party. */
  const sender = (party: number): number => through.get(party) ?? party;
  const idOf = (i: number): number => requesterId(functions[i] as FabricFunction);
  const read = (origin: number, requester: number, address: number, translated = false): Packet => ({
    kind: 'read',
    origin,
    requester,
    address,
    translated,
  });
  const sends = (origin: number, make: (requester: number) => Packet, isIt: (end: string) => boolean): boolean =>
    ownIds(functions[origin] as FabricFunction).some((id) => isIt(router.route(make(id)).kind));

  const streams = new Map(functions.map((f, i) => [f.segment * 0x10000 + idOf(i), subject.streamOf(i)]));
  /** What the units tell apart: streams where their tables make them of requester ids. */
  const unitIds = (i: number): readonly (number | string)[] => (arrivalsOf[i] ?? []).map((id) => streams.get(id) ?? id);

  const toPeer = (a: number, b: number): boolean => {
    const request = (address: number): boolean => {
      const outcome = router.route(read(a, idOf(a), address));
      return outcome.kind === 'function' && outcome.function === b && outcome.past === 'peers';
    };
    if ((functions[b] as FabricFunction).memory.some((m) => request(m.first))) return true;
    const outcome = router.route({ kind: 'completion', origin: a, requester: idOf(a), destination: b });
    return outcome.kind === 'function' && outcome.function === b;
  };
  const asAnother = (a: number, b: number): boolean => {
    const other = functions[b] as FabricFunction;
    if (!canForge(functions, a)) return false;
    const outcome = router.route(read(a, idOf(b), HOST_PAGE));
    const isThere = outcome.kind === 'memory' || (outcome.kind === 'stopped' && outcome.at < 0);
    return isThere && outcome.requester === other.segment * 0x10000 + idOf(b);
  };
  const underOneId = (a: number, b: number): boolean => {
    const of = new Set(unitIds(sender(b)));
    return unitIds(sender(a)).some((id) => of.has(id));
  };
  const toHost: Partial<Record<InterferenceKind, (a: number) => boolean>> = {
    interrupts: (a) =>
      sends(
        a,
        (requester) => ({ kind: 'write', origin: a, requester, address: doorbell.first, translated: false }),
        (end) => end === 'interrupt',
      ),
    untranslated: (a) =>
      sends(
        a,
        (id) => read(a, id, HOST_PAGE),
        (end) => end === 'memory',
      ),
    'translated-requests': (a) =>
      sends(
        a,
        (id) => read(a, id, HOST_PAGE, true),
        (end) => end === 'memory',
      ),
    'firmware-memory': (a) =>
      subject.firmwareMemory.some((m) =>
        sends(
          a,
          (id) => read(a, id, m.range.first),
          (end) => end === 'memory',
        ),
      ),
  };
  const between: Partial<Record<InterferenceKind, (a: number, b: number) => boolean>> = {
    'same-requester': underOneId,
    'peer-to-peer': toPeer,
    'forged-requester': asAnother,
  };

  return {
    show(edge) {
      const actors = partiesOf(edge.actors);
      if (edge.reach === 'host') {
        const reaches = toHost[edge.kind];
        return { idle: reaches === undefined ? actors : actors.filter((a) => !reaches(sender(a))), untouched: [] };
      }
      const disturbs = between[edge.kind] ?? (() => false);
      const reach = partiesOf(edge.reach);
      const targets = edge.mutual && actors.length > 1 ? [...reach, ...actors] : reach;
      const others = (party: number, among: readonly number[], test: (other: number) => boolean): boolean =>
        among.some((other) => other !== party && test(other));
      return {
        idle: actors.filter((a) => !others(a, targets, (b) => disturbs(a, b))),
        untouched: targets.filter((b) => !others(b, actors, (a) => disturbs(a, b))),
      };
    },
  };
}

function partiesOf(spans: readonly Span[]): readonly number[] {
  return spans.flatMap((s) => Array.from({ length: s.to - s.from }, (_, k) => s.from + k));
}
