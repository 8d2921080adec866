/**
 * @module Why the members of a group belong together, short enough to stand beside the group.
 */
import type { Interference, Span } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import { meetingSentence, meetings } from './meeting.ts';

const MOST = 3;

/**
 * Clauses that between them join all members, the widest first; without full stops. A place that is needed is told with
 * all that is to blame there: a remedy has to take care of all of it. Of many reasons the first few stand for the rest.
 */
export function togetherSentences(
  analysis: Analysis,
  inside: readonly Interference[],
  members: ArrayLike<number>,
  most: number = MOST,
): readonly string[] {
  const widestFirst = [...inside].sort((a, b) => width(b) - width(a));
  const wanted = new Set(needed(widestFirst, members));
  const told = meetings(analysis, widestFirst).filter((m) => m.edges.some((edge) => wanted.has(edge)));
  const sentences = told.slice(0, most).map(meetingSentence);
  return told.length <= most ? sentences : [...sentences, `and ${told.length - most} more reasons of that sort`];
}

function width({ actors, reach }: Interference): number {
  const size = (spans: readonly Span[]): number => spans.reduce((sum, s) => sum + s.to - s.from, 0);
  return size(actors) + (reach === 'host' ? 0 : size(reach));
}

/** Of the edges those that, taken in order, join something that the ones before did not; until all is joined. */
function needed(edges: readonly Interference[], members: ArrayLike<number>): readonly Interference[] {
  const root = new Map<number, number>();
  for (let k = 0; k < members.length; k++) root.set(members[k] as number, members[k] as number);
  const find = (x: number): number => {
    let at = x;
    for (let up = root.get(at) as number; up !== at; up = root.get(at) as number) {
      root.set(at, root.get(up) as number);
      at = up;
    }
    return at;
  };
  let apart = members.length - 1;
  const taken: Interference[] = [];
  for (const edge of edges) {
    if (apart === 0) break;
    const before = apart;
    let first: number | undefined;
    for (const span of [...edge.actors, ...(edge.reach === 'host' ? [] : edge.reach)]) {
      for (let p = span.from; p < span.to; p++) {
        if (!root.has(p)) continue;
        first ??= p;
        if (find(first) === find(p)) continue;
        root.set(find(p), find(first));
        apart--;
      }
    }
    if (apart < before) taken.push(edge);
  }
  return taken;
}
