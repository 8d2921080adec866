/**
 * @module Stands in for main.ts in the bundle: loads it together with the machine code that V8 made of it when it was
 * built. That saves a third of what a listing takes beyond the start of Node itself.
 *
 * V8 refuses code of another version of itself, or of another source, and then compiles as usual.
 */
import type { main as Main } from './main.ts';
import { SIMULATED } from './simulated-prefix.ts';

/** Names of the commands that the bundle of the listing does not have; written in when it is bundled. */
declare const OTHER_COMMANDS: readonly string[];

// Asked of the process: an import of a builtin module costs a millisecond more, for its facade as an ES module.
const { readFileSync } = process.getBuiltinModule('node:fs');
const { dirname } = process.getBuiltinModule('node:path');
const { fileURLToPath } = process.getBuiltinModule('node:url');
const { Script } = process.getBuiltinModule('node:vm');

// A word that only looks like a command (a file of that name) costs time and nothing else.
const needsAll = (word: string): boolean => OTHER_COMMANDS.includes(word) || word.includes(SIMULATED);
const bundle = process.argv.some(needsAll) ? 'all' : 'list';
const filename = fileURLToPath(new URL(`./${bundle}.bundle`, import.meta.url));

function cachedData(): Buffer | undefined {
  try {
    return readFileSync(`${filename}.cache`);
  } catch {
    return undefined;
  }
}

function load(): typeof Main {
  const cached = cachedData();
  const script = new Script(
    readFileSync(filename, 'latin1'),
    cached === undefined ? { filename } : { filename, cachedData: cached },
  );
  const module: { exports: { main?: typeof Main } } = { exports: {} };
  // All that the bundle requires are modules of Node.
  script.runInThisContext()(module.exports, process.getBuiltinModule, module, filename, dirname(filename));
  return module.exports.main as typeof Main;
}

export const main: typeof Main = load();
