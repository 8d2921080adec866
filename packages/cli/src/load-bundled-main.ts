/**
 * @module Stands in for main.ts in the bundle: loads it together with the machine code that V8 made of it when it was
 * built. That saves a third of what a listing takes beyond the start of Node itself.
 *
 * V8 refuses code of another version of itself, or of another source, and then compiles as usual.
 */
import type { main as Main } from './main.ts';

// Asked of the process: an import of a builtin module costs a millisecond more, for its facade as an ES module.
const { readFileSync } = process.getBuiltinModule('node:fs');
const { wrap } = process.getBuiltinModule('node:module');
const { dirname } = process.getBuiltinModule('node:path');
const { fileURLToPath } = process.getBuiltinModule('node:url');
const { Script } = process.getBuiltinModule('node:vm');

const filename = fileURLToPath(new URL('./isogroups-main.cjs', import.meta.url));

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
    wrap(readFileSync(filename, 'latin1')),
    cached === undefined ? { filename } : { filename, cachedData: cached },
  );
  const module: { exports: { main?: typeof Main } } = { exports: {} };
  // All that the bundle requires are modules of Node.
  script.runInThisContext()(module.exports, process.getBuiltinModule, module, filename, dirname(filename));
  return module.exports.main as typeof Main;
}

export const main: typeof Main = load();
