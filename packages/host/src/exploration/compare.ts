/**
 * @module Whether the reductions lose anything: the same exploration with and without them, compared by where it may end.
 */
import { type Exploration, type Explored, explore } from './explore.ts';
import { whatMatters } from './histories.ts';

export interface Comparison {
  readonly reduced: Explored;
  readonly whole: Explored;
  /** Situations of kernel, journal and disk in which nobody acts, that only one of the two came to. */
  readonly lost: readonly string[];
  readonly invented: readonly string[];
}

export function compare(exploration: Exploration): Comparison {
  const reduced = endings(exploration, false);
  const whole = endings(exploration, true);
  return {
    reduced: reduced.explored,
    whole: whole.explored,
    lost: [...whole.found].filter((e) => !reduced.found.has(e)),
    invented: [...reduced.found].filter((e) => !whole.found.has(e)),
  };
}

function endings(exploration: Exploration, all: boolean): { explored: Explored; found: ReadonlySet<string> } {
  const found = new Set<string>();
  const explored = explore(exploration, {
    all,
    onEnding({ kernel, journal, disk }) {
      found.add([JSON.stringify(kernel.state), whatMatters(journal.claims), whatMatters(disk.claims)].join('\n'));
    },
  });
  return { explored, found };
}
