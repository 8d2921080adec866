/**
 * @module `npm run explore`: everything that can happen to groups of up to two members, and nearly
 * everything to those of three: there a release and a second claimant do not meet. Prints what was visited; its
 * status is 1 where something is broken, with the story of how it came about, or where the reductions lose something.
 */
import { compare } from './compare.ts';
import { everybody, explorations, type NamedExploration, staying, virtualFunctions } from './explorations.ts';
import { explore } from './explore.ts';
import type { Budget } from './world.ts';

/** All of it in one story, in any order; with it, all that needs only some of it. */
const TOGETHER = { kills: 1, faults: 1, unplugs: 1, reboots: 1 };
const TWICE = [{ kills: 2 }, { faults: 2 }, { unplugs: 2 }, { reboots: 2 }];
const BUDGETS = [TOGETHER, ...TWICE];
const all: readonly NamedExploration[] = [
  everybody(1, { kills: 2, faults: 2, unplugs: 1, reboots: 2 }),
  everybody(2, TOGETHER),
  ...TWICE.flatMap((budget) => explorations(2, budget)),
  ...BUDGETS.flatMap((budget) => explorations(3, budget)),
  ...BUDGETS.map(virtualFunctions),
  ...BUDGETS.map(staying),
];
const compared: readonly NamedExploration[] = [
  everybody(1, { kills: 1 }),
  ...explorations(1, { kills: 1, faults: 1 }),
  ...explorations(2, { kills: 1, faults: 1 }).slice(1),
  ...explorations(2, { unplugs: 1, reboots: 1 }),
  virtualFunctions({ kills: 1 }),
  staying({ unplugs: 1 }),
];

const spelled = (budget: Budget): string =>
  Object.entries(budget)
    .flatMap(([what, n]) => (n > 0 ? [`${n} ${what}`] : []))
    .join(', ');

function fail(...lines: readonly string[]): never {
  console.log(lines.join('\n  '));
  process.exit(1);
}

for (const one of compared) {
  const { reduced, whole, lost, invented } = compare(one);
  if (lost.length > 0) fail('the reductions lose endings:', ...lost);
  if (invented.length > 0) fail('the reductions invent endings:', ...invented);
  console.log(
    `${one.name} (${spelled(one.budget)}): ${reduced.states} states stand for ${whole.states}, with the same endings`,
  );
}

let total = 0;
for (const one of all) {
  const began = Date.now();
  const { states, transitions, endings, counterexample } = explore(one);
  total += states;
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(
    `${one.name} (${spelled(one.budget)}): ${states} states, ${transitions} transitions, ${endings} endings, ${seconds} s`,
  );
  if (counterexample !== undefined) fail(`broken: ${counterexample.says}`, ...counterexample.story);
}
console.log(
  `${total} states; one holder a group, a way home for every device, the right driver while held, no driver of the host beside VFIO, recovery complete and idempotent in all of them`,
);
