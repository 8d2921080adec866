/**
 * @module The graph of a zone: what its sightings say, devices that nobody sees joined to what they sit on, and what was put
 * together by hand. One model: all of it is interference.
 */
import type { InterferenceGraph, Parties } from '../graph.ts';
import type { Interference, Remedy, Span } from '../interference.ts';
import { type DeviceRecord, type GroupRecord, isVouchedFor, type SeenZone } from './records.ts';
import { spansOf, translator } from './translate-interference.ts';

/** @param records by party, with `party` already set */
export function composeGraph(records: readonly DeviceRecord[], seen: readonly SeenZone[]): InterferenceGraph {
  const graphs = seen.map((zone) => zone.graph());
  const own = [...belowParents(records), ...withoutParents(records), ...madeByHand(records)];
  const [only] = seen;
  if (own.length === 0 && seen.length === 1 && only?.records.length === records.length)
    return graphs[0] as InterferenceGraph;

  const interferences = seen.flatMap((zone, k) => {
    return (graphs[k] as InterferenceGraph).interferences.map(translator(zone.records.map((r) => r.party)));
  });
  return { parties: partiesOf(records, seen, graphs), interferences: [...interferences, ...own] };
}

function partiesOf(
  records: readonly DeviceRecord[],
  seen: readonly SeenZone[],
  graphs: readonly InterferenceGraph[],
): Parties {
  const source = new Map<DeviceRecord, { readonly parties: Parties; readonly party: number }>();
  seen.forEach((zone, k) => {
    const { parties } = graphs[k] as InterferenceGraph;
    zone.records.forEach((record, party) => {
      if (!source.has(record)) source.set(record, { parties, party });
    });
  });
  const sourceOf = (party: number) => source.get(records[party] as DeviceRecord);
  return {
    count: records.length,
    nameOf(party) {
      const from = sourceOf(party);
      return from === undefined ? (records[party] as DeviceRecord).device.name : from.parties.nameOf(from.party);
    },
    isBridge(party) {
      const from = sourceOf(party);
      return from?.parties.isBridge(from.party) ?? false;
    },
    unitOf(party) {
      // A device that nobody sees is translated by what translates its parent.
      for (let at: DeviceRecord | undefined = records[party]; at !== undefined; at = at.parent) {
        const from = source.get(at);
        if (from !== undefined) return from.parties.unitOf(from.party);
      }
      return undefined;
    },
  };
}

const TOGETHER: readonly Remedy[] = Object.freeze([{ kind: 'hand-over-together', text: 'Hand them over together.' }]);
const PROVIDER: readonly Remedy[] = Object.freeze([{ kind: 'driver', text: 'Register a provider for its bus.' }]);

/** A device that nobody sees sends under the requester id of what it sits on. One edge for all below one parent. */
function belowParents(records: readonly DeviceRecord[]): readonly Interference[] {
  const below = new Map<DeviceRecord, DeviceRecord[]>();
  for (const record of records) {
    if (isVouchedFor(record) || record.parent === undefined) continue;
    const siblings = below.get(record.parent);
    if (siblings === undefined) below.set(record.parent, [record]);
    else siblings.push(record);
  }
  return [...below].map(([parent, children]) => ({
    kind: 'same-requester',
    where: { kind: 'device', party: parent.party },
    actors: partySpans(children),
    reach: [single(parent)],
    mutual: true,
    evidence: [{ kind: 'topology', says: `no provider sees ${names(children)}: ${parent.device.name} sends for it` }],
    remedies: TOGETHER,
  }));
}

/** One that sits on nothing and that nobody sees: nothing is known to hold it back. */
function withoutParents(records: readonly DeviceRecord[]): readonly Interference[] {
  const roots = records.filter((r) => !isVouchedFor(r) && r.parent === undefined);
  const first = roots[0];
  if (first === undefined) return [];
  return [
    {
      kind: 'untranslated',
      where: { kind: 'device', party: first.party },
      actors: partySpans(roots),
      reach: 'host',
      mutual: false,
      evidence: [
        { kind: 'topology', says: `no provider sees ${names(roots)}, and it sits on no device that one sees` },
      ],
      remedies: PROVIDER,
    },
  ];
}

function madeByHand(records: readonly DeviceRecord[]): readonly Interference[] {
  const groups = new Map<GroupRecord, DeviceRecord[]>();
  for (const record of records) {
    if (record.madeFor === undefined) continue;
    const members = groups.get(record.madeFor);
    if (members === undefined) groups.set(record.madeFor, [record]);
    else members.push(record);
  }
  return [...groups].flatMap(([group, members]): readonly Interference[] => {
    const first = members[0] as DeviceRecord;
    if (members.length < 2) return [];
    return [
      {
        kind: 'same-requester',
        where: { kind: 'device', party: first.party },
        actors: partySpans(members),
        reach: [],
        mutual: true,
        evidence: [{ kind: 'topology', says: `${group.made?.by} put them into group ${group.name}` }],
        remedies: TOGETHER,
      },
    ];
  });
}

const single = (record: DeviceRecord): Span => ({ from: record.party, to: record.party + 1 });

const partySpans = (records: readonly DeviceRecord[]): readonly Span[] => spansOf(records.map((r) => r.party));

/** All of them by name, or the first and how many. */
function names(records: readonly DeviceRecord[]): string {
  const first = (records[0] as DeviceRecord).device.name;
  return records.length === 1 ? first : `${first} and ${records.length - 1} more`;
}
