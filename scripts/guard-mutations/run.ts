/**
 * @module The command: `npm run mutations:guard -- [<word of a name>]`
 *
 * Puts one defect after the other into guard and conditions and runs their tests, which must fail. The working tree is not
 * touched: the change is made while the tests load the file. Exit code 0: all found; 1: one survived.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { GUARD_MUTATIONS, type GuardMutation } from './mutations.ts';

const SOURCES = fileURLToPath(new URL('../../packages/host/src/', import.meta.url));

const words = process.argv.slice(2);
const chosen = GUARD_MUTATIONS.filter((m) => words.every((word) => m.name.includes(word)));
const survivors: string[] = [];
for (const mutation of chosen) {
  const found = await isFound(mutation);
  console.log(`${found ? 'found' : 'SURVIVED'}  ${mutation.name}`);
  if (!found) survivors.push(mutation.name);
}
console.log(`${chosen.length - survivors.length} of ${chosen.length} defects found`);
process.exit(survivors.length === 0 && chosen.length > 0 ? 0 : 1);

/** @throws Error where the mutation no longer fits its file. */
async function isFound({ name, file, find, replace }: GuardMutation): Promise<boolean> {
  const path = `${SOURCES}${file}`;
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2) {
    throw new Error(
      `"${name}": the text to change stands ${parts.length - 1} times in ${file}; it must stand there once`,
    );
  }
  const folder = file.slice(0, file.indexOf('/'));
  const vitest = await startVitest(
    'test',
    [`packages/host/src/${folder}/`],
    { watch: false, bail: 1, reporters: [{}] },
    {
      plugins: [
        {
          name: 'defect',
          enforce: 'pre',
          load: (id: string) => (id.split('?', 1)[0] === path ? parts.join(replace) : undefined),
        },
      ],
    },
  );
  const failed = vitest.state.getCountOfFailedTests() > 0;
  await vitest.close();
  return failed;
}
