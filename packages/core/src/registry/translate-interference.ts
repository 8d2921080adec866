/**
 * @module The same interference between parties that got other numbers.
 */
import type { Evidence, Interference, Place, Span } from '../interference.ts';

/**
 * @param parties the new number of each party. Where they are the old ones moved by one distance, spans stay spans at no
 * cost; otherwise they are taken apart.
 */
export function translator(parties: readonly number[]): (edge: Interference) => Interference {
  const by = parties[0] ?? 0;
  const moved = parties.every((party, k) => party === k + by);
  if (moved && by === 0) return (edge) => edge;
  const spans = (old: readonly Span[]): readonly Span[] =>
    moved
      ? old.map((s) => ({ from: s.from + by, to: s.to + by }))
      : spansOf(old.flatMap((s) => parties.slice(s.from, s.to)));
  return (edge) => ({
    ...edge,
    where: placeAmong(edge.where, parties),
    actors: spans(edge.actors),
    reach: edge.reach === 'host' ? 'host' : spans(edge.reach),
    evidence: edge.evidence.map((e) => evidenceAmong(e, parties)),
  });
}

/** Numbers in any order, as ascending spans. */
export function spansOf(numbers: readonly number[]): readonly Span[] {
  const spans: { from: number; to: number }[] = [];
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last !== undefined && n <= last.to) last.to = Math.max(last.to, n + 1);
    else spans.push({ from: n, to: n + 1 });
  }
  return spans;
}

function placeAmong(place: Place, parties: readonly number[]): Place {
  return 'party' in place ? { ...place, party: parties[place.party] as number } : place;
}

function evidenceAmong(evidence: Evidence, parties: readonly number[]): Evidence {
  return 'party' in evidence ? { ...evidence, party: parties[evidence.party] as number } : evidence;
}
