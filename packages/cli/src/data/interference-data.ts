/**
 * @module An interference as answers show it: data and the sentence that stands in the text.
 */
import { type Evidence, type Interference, type Place, placeName, type Span } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { evidenceSentence, interferenceSentence } from '../sentences/interference.ts';
import { partiesOf } from '../sentences/party.ts';
import { remedySentence } from '../sentences/remedy.ts';
import { hexData } from './fact-data.ts';

export function interferenceData(analysis: Analysis, edge: Interference): Record<string, unknown> {
  const names = (spans: readonly Span[]): readonly string[] =>
    partiesOf(spans).map((p) => analysis.graph.parties.nameOf(p));
  return {
    kind: edge.kind,
    where: placeData(analysis, edge.where),
    actors: names(edge.actors),
    reach: edge.reach === 'host' ? 'host' : names(edge.reach),
    mutual: edge.mutual,
    says: interferenceSentence(analysis, edge),
    evidence: edge.evidence.map((e) => evidenceData(analysis, e)),
    remedies: edge.remedies.map((r) => ({ kind: r.kind, says: remedySentence(analysis, edge, r) })),
    undecided:
      edge.undecided === undefined ? null : { unknown: edge.undecided.why, decidedBy: edge.undecided.decidedBy },
  };
}

function placeData(analysis: Analysis, where: Place): Record<string, unknown> {
  return { kind: where.kind, name: placeName(analysis.graph, where) };
}

/** `file` is where the bytes were read. */
function evidenceData(analysis: Analysis, evidence: Evidence): Record<string, unknown> {
  const says = evidenceSentence(analysis, evidence);
  const { nameOf } = analysis.graph.parties;
  switch (evidence.kind) {
    case 'register': {
      const file = analysis.machine.functions[evidence.party]?.config?.file ?? null;
      const { register, missing } = evidence;
      return {
        kind: 'register',
        device: nameOf(evidence.party),
        register,
        offset: evidence.offset,
        value: hexData(evidence.value, 4),
        missing,
        file,
        says,
      };
    }
    case 'no-capability':
      return { kind: 'no-capability', device: nameOf(evidence.party), capability: evidence.capability, says };
    case 'unread': {
      const { capability, why } = evidence;
      return { kind: 'unread', device: nameOf(evidence.party), capability, why, says };
    }
    case 'table':
      return { kind: 'table', table: evidence.table, offset: evidence.offset, says };
    case 'quirk':
      return { kind: 'quirk', device: nameOf(evidence.party), says };
    case 'topology':
      return { kind: 'topology', says };
    case 'host':
      return { kind: 'host', file: evidence.file, says };
  }
}
