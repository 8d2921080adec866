/**
 * @module The shortest chain of interference between two parties.
 */
import type { InterferenceGraph } from './graph.ts';
import { type Interference, type Span, spansHold } from './interference.ts';

/** A step goes from a party to a party, or to or from the host. */
export type ChainEnd = number | 'host';

export interface ChainStep {
  readonly from: ChainEnd;
  readonly to: ChainEnd;
  readonly edge: Interference;
  /** True where `from` is the one who can disturb `to`; false where it is the other way round. */
  readonly forward: boolean;
}

/**
 * Breadth first over the edges that `use` admits: the fewest steps from `a` to `b`; undefined where there is no chain.
 * Each interference is expanded once, so the cost is one pass over the edges a level.
 */
export function shortestChain(
  graph: InterferenceGraph,
  a: number,
  b: ChainEnd,
  use: (edge: Interference) => boolean,
): readonly ChainStep[] | undefined {
  const HOST = graph.parties.count;
  const goal = b === 'host' ? HOST : b;
  const cameBy: (ChainStep | undefined)[] = new Array(HOST + 1);
  const seen = new Uint8Array(HOST + 1);
  seen[a] = 1;
  // What is left to find of each edge; an edge of which both sides are found is dropped.
  const open = new Map(graph.interferences.filter(use).map((edge) => [edge, { actors: true, reach: true }]));
  let frontier = [a];
  const end = (x: number): ChainEnd => (x === HOST ? 'host' : x);

  while (frontier.length > 0 && seen[goal] === 0) {
    const reached: number[] = [];
    const visit = (to: number, from: number, edge: Interference, forward: boolean): void => {
      if (seen[to] === 1) return;
      seen[to] = 1;
      cameBy[to] = { from: end(from), to: end(to), edge, forward };
      reached.push(to);
    };
    for (const [edge, left] of open) {
      const { actors, reach } = edge;
      for (const at of frontier) {
        const acts = at !== HOST && spansHold(actors, at);
        const suffers = reach === 'host' ? at === HOST : spansHold(reach, at);
        if (acts && left.reach) {
          if (reach === 'host') visit(HOST, at, edge, true);
          else eachOf(reach, (to) => visit(to, at, edge, true));
          left.reach = false;
        }
        const meetsActors = suffers || (acts && edge.mutual && reach !== 'host');
        if (meetsActors && left.actors) {
          eachOf(actors, (to) => visit(to, at, edge, !suffers));
          left.actors = false;
        }
      }
      if (!left.actors && !left.reach) open.delete(edge);
    }
    frontier = reached;
  }
  return seen[goal] === 1 ? trace(cameBy, a, goal, HOST) : undefined;
}

function eachOf(spans: readonly Span[], visit: (party: number) => void): void {
  for (const s of spans) for (let i = s.from; i < s.to; i++) visit(i);
}

function trace(
  cameBy: readonly (ChainStep | undefined)[],
  a: number,
  goal: number,
  host: number,
): readonly ChainStep[] {
  const steps: ChainStep[] = [];
  for (let at = goal; at !== a; ) {
    const step = cameBy[at] as ChainStep;
    steps.unshift(step);
    at = step.from === 'host' ? host : step.from;
  }
  return steps;
}
