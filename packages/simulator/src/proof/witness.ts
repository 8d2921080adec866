/**
 * @module A packet that shows an interference: for every end of it. Every actor must disturb something in the edge's reach,
 * and everything in reach must be disturbed by an actor, at the place that the edge names, with all other places closed.
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

/** Parties that the edge names and no packet bears out; none for an edge that is shown. */
export interface Shown {
  /** Actors that disturb nothing in reach. */
  readonly idle: readonly number[];
  /** Parties in reach that no actor disturbs. */
  readonly untouched: readonly number[];
}

export interface Witnesses {
  /** Undefined: no packet can show it. A reset is no packet; and bridges without registers are nobody to disturb. */
  show(edge: Interference): Shown | undefined;
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
  const idsOf = (i: number): readonly number[] => ownIds(functions[i] as FabricFunction);
  const endsAt = (packet: Packet, end: 'memory' | 'interrupt'): boolean => router.route(packet).kind === end;

  const streams = new Map(functions.map((f, i) => [f.segment * 0x10000 + idOf(i), subject.streamOf(i)]));
  /** What the units tell apart: streams where their tables make them of requester ids. */
  const unitIds = (i: number): readonly (number | string)[] => (arrivalsOf[i] ?? []).map((id) => streams.get(id) ?? id);

  /** Nothing closes the wires of a conventional bus: what meets on those around a place, or below it, meets there. */
  const isAt = (found: number, place: number): boolean => {
    const [f, on] = [functions[found], functions[place]];
    if (f === undefined || on === undefined) return false;
    if (found === on.parent || (f.parent < 0 && on.parent < 0 && f.segment === on.segment && f.bus === on.bus))
      return true;
    for (let i = found; i >= 0; i = functions[i]?.parent ?? -1) if (i === place) return true;
    return false;
  };
  const toPeer = (a: number, b: number, { where }: Interference): boolean => {
    const place = 'party' in where ? where.party : undefined;
    if (place === undefined) return false;
    const only = where.kind === 'bridge' ? undefined : place;
    const arrives = (packet: Packet): boolean => {
      const outcome = router.route(packet, undefined, only);
      return outcome.kind === 'function' && outcome.function === b && isAt(outcome.place, place);
    };
    const { memory } = functions[b] as FabricFunction;
    return (
      memory.some((m) => arrives(read(a, idOf(a), m.first)) || arrives(read(a, idOf(a), m.first, true))) ||
      arrives({ kind: 'completion', origin: a, requester: idOf(a), destination: b })
    );
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
  const toHost: Partial<Record<InterferenceKind, (a: number, edge: Interference) => boolean>> = {
    interrupts: (a) => {
      const bell = { kind: 'write', origin: a, address: doorbell.first, translated: false } as const;
      return idsOf(a).some((requester) => endsAt({ ...bell, requester }, 'interrupt'));
    },
    untranslated: (a) => idsOf(a).some((id) => endsAt(read(a, id, HOST_PAGE), 'memory')),
    // Under the ids of the device that has ATS on: its own, or made up by those that no port checks.
    'translated-requests': (a, { where }) => {
      const device = 'party' in where ? sender(where.party) : a;
      const through = functions[device]?.model.sendsThrough ?? -1;
      const isShared = through >= 0 && (a === through || functions[a]?.model.sendsThrough === through);
      const ids = isShared ? idsOf(a) : idsOf(through >= 0 ? through : device);
      const canUse = a === device || isShared || canForge(functions, a);
      return canUse && ids.some((id) => endsAt(read(a, id, HOST_PAGE, true), 'memory'));
    },
    'firmware-memory': (a) =>
      subject.firmwareMemory.some((m) => idsOf(a).some((id) => endsAt(read(a, id, m.range.first), 'memory'))),
  };
  const between: Partial<Record<InterferenceKind, (a: number, b: number, edge: Interference) => boolean>> = {
    'same-requester': underOneId,
    'peer-to-peer': toPeer,
    'forged-requester': asAnother,
  };

  /** Whom packets can disturb: not a bridge without registers. */
  const isSomebody = (party: number): boolean => {
    const f = functions[party];
    return f === undefined || !f.isBridge || f.memory.length > 0;
  };

  /** What a bridge forwards is the traffic of others: its own is only asked for where there is no other. */
  const sendersAmong = (actors: readonly number[]): readonly number[] => {
    const devices = actors.filter((a) => functions[a]?.isBridge !== true);
    return devices.length === 0 ? actors : devices;
  };

  return {
    show(edge) {
      const actors = partiesOf(edge.actors);
      if (edge.reach === 'host') {
        const reaches = toHost[edge.kind];
        const idle = reaches === undefined ? actors : actors.filter((a) => !reaches(sender(a), edge));
        return { idle, untouched: [] };
      }
      const disturbs = between[edge.kind];
      if (disturbs === undefined) return undefined;
      const reach = partiesOf(edge.reach);
      const all = edge.mutual && actors.length > 1 ? [...reach, ...actors] : reach;
      const targets = edge.kind === 'peer-to-peer' ? all.filter(isSomebody) : all;
      if (targets.length === 0) return undefined;
      const isIdle = (a: number): boolean => {
        const others = targets.filter((b) => b !== a);
        return others.length > 0 && !others.some((b) => disturbs(a, b, edge));
      };
      return {
        idle: sendersAmong(actors).filter(isIdle),
        untouched: targets.filter((b) => !actors.some((a) => a !== b && disturbs(a, b, edge))),
      };
    },
  };
}

function partiesOf(spans: readonly Span[]): readonly number[] {
  return spans.flatMap((s) => Array.from({ length: s.to - s.from }, (_, k) => s.from + k));
}
