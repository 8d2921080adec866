/**
 * @module `npm run explore`: everything that can happen to groups of up to three members. Prints what was visited; its
 * status is 1 where something is broken, with the story of how it came about.
 */
import { explorations, type NamedExploration, staying, virtualFunctions } from './explorations.ts';
import { explore } from './explore.ts';

const SINGLE = [{ kills: 1 }, { faults: 1 }, { unplugs: 1 }, { reboots: 1 }];
/** Two things go wrong in one story. */
const PAIRS = [
  { kills: 1, unplugs: 1 },
  { kills: 1, reboots: 1 },
  { faults: 1, unplugs: 1 },
  { kills: 1, faults: 1 },
];
const all: readonly NamedExploration[] = [
  ...[1, 2, 3].flatMap((members) => SINGLE.flatMap((budget) => explorations(members, budget))),
  ...SINGLE.map(virtualFunctions),
  ...[{}, ...SINGLE].map(staying),
  ...PAIRS.flatMap((budget) => explorations(1, budget)),
  ...explorations(2, { kills: 1, unplugs: 1 }),
  ...explorations(1, { kills: 2 }),
];

let total = 0;
for (const one of all) {
  const began = Date.now();
  const { states, transitions, endings, counterexample } = explore(one);
  total += states;
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  const budget = Object.entries(one.budget).flatMap(([what, n]) => (n > 0 ? [`${n} ${what}`] : []));
  console.log(
    `${one.name} (${budget.join(', ')}): ${states} states, ${transitions} transitions, ${endings} endings, ${seconds} s`,
  );
  if (counterexample !== undefined) {
    console.log(`broken: ${counterexample.says}\n  ${counterexample.story.join('\n  ')}`);
    process.exit(1);
  }
}
console.log(
  `${total} states; one holder a group, a way home for every device, the right driver while held, no driver of the host beside VFIO, recovery complete and idempotent in all of them`,
);
