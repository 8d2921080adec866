/**
 * @module The command: `npm run mutations -- [--seeds <n>] [<word of a name>]`
 *
 * Puts one defect after the other into the grouping rules and shows that the proof finds each. Exit code 0: all found;
 * 1: one survived, or the rules as they are do not pass; 2: bad usage.
 */
import { parseArgs } from 'node:util';
import { MUTATIONS } from './mutations.ts';
import { tryMutation } from './try-mutation.ts';

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '600' } },
  allowPositionals: true,
});
const seeds = Number(values.seeds);
const chosen = MUTATIONS.filter((m) => positionals.every((word) => m.name.includes(word)));
if (!Number.isSafeInteger(seeds) || seeds < 0 || chosen.length === 0) {
  console.error('usage: npm run mutations -- [--seeds <n>] [<word of a name>]');
  process.exit(2);
}

const unchanged = await tryMutation(undefined, Math.min(seeds, 100));
if (unchanged.caught !== undefined) {
  console.log(`the rules as they are fail on ${unchanged.caught.machine}: ${unchanged.caught.says}`);
  process.exit(1);
}

let survived = 0;
const width = Math.max(...chosen.map((m) => m.name.length));
for (const mutation of chosen) {
  const { caught, machines } = await tryMutation(mutation, seeds);
  if (caught === undefined) survived++;
  const found = caught === undefined ? `SURVIVED ${machines} machines` : `${caught.machine}: ${caught.says}`;
  console.log(`${mutation.name.padEnd(width)}  ${found}`);
}
console.log(`${chosen.length - survived} of ${chosen.length} defects found`);
process.exitCode = survived === 0 ? 0 : 1;
