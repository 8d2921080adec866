// Bundles the commands of packages/cli into packages/cli/dist: isogroups.cjs, and corpus.mjs for `npm run corpus`.
// Runs after `tsc -b`. Also prepares the index of device names, which the bundle looks for beside itself.
//
// A few lines, isogroups.cjs, answer --version in the time of an empty script and load one of two bundles: list.bundle for
// the listing, which is what everybody runs and half of the code, all.bundle for other commands and described machines.
// Each comes with the machine code that V8 makes of it here (*.bundle.cache).
// More files are slower: split into chunks, a listing resolves and reads thirty of them and takes a tenth longer.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { build } from 'esbuild';

const cli = new URL('../packages/cli/', import.meta.url);
const path = (relative, base = cli) => fileURLToPath(new URL(relative, base));
const { version } = JSON.parse(readFileSync(path('package.json'), 'utf8'));
const { COMMANDS } = await import(new URL('dist/command-table.js', cli));
/** The words that need the whole bundle. */
const OTHER_COMMANDS = COMMANDS.map(({ name }) => name).filter((name) => name !== 'list');

const prepareNames = path('build-name-index.mjs', import.meta.url);
execFileSync(process.execPath, [prepareNames, path('../inventory/data/pci.ids'), path('dist/pci-names.bin')], {
  stdio: ['ignore', 'ignore', 'inherit'],
});

/**
 * Modules that a command does not use stay asleep inside the bundle (dynamic imports), but esbuild lifts their imports of
 * node:zlib and the like to the top, where all are loaded at every start. Required where they are used, they sleep too.
 */
const sleepingBuiltins = {
  name: 'sleeping-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z]/ }, ({ path, importer }) => {
      if (!isBuiltin(path)) return undefined;
      // commander wants it for subcommands that are programs of their own; ours are none.
      const isUnused = path.endsWith('child_process') && importer.includes('/commander/');
      return { path, namespace: isUnused ? 'nothing' : 'builtin' };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = requireBuiltin(${JSON.stringify(path)});`,
    }));
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * Who imports one thing from a package's index.ts wakes all that the index names. So imports from our packages are taken
 * from the files that the index takes them from.
 */
const pastTheIndex = {
  name: 'past-the-index',
  setup({ onLoad }) {
    const homes = new Map(
      ['core', 'pci', 'inventory', 'simulator', 'host'].map((name) => [`@isogroups/${name}`, homesOf(name)]),
    );
    onLoad({ filter: /\/packages\/[a-z]+\/src\/.*\.ts$/ }, ({ path: file }) => {
      const contents = readFileSync(file, 'utf8').replace(
        /^import \{([^}]*)\} from '(@isogroups\/[a-z]+)';$/gm,
        (statement, list, name) => importsOf(list, homes.get(name)) ?? statement,
      );
      return { contents, loader: 'ts' };
    });
  },
};

/** Exported name to file, of one of our packages. */
function homesOf(name) {
  const index = new URL(`../packages/${name}/src/index.ts`, import.meta.url);
  const homes = new Map();
  for (const [, list, from] of readFileSync(index, 'utf8').matchAll(
    /^export (?:type )?\{([^}]*)\} from '([^']*)';$/gm,
  )) {
    for (const word of list.split(','))
      homes.set(word.trim().replace(/^type /, ''), fileURLToPath(new URL(from, index)));
  }
  return homes;
}

/** The same imports from where the names are at home; undefined where the index does more than pass names on. */
function importsOf(list, homes) {
  const words = list.split(',').map((word) => word.trim());
  const values = words.filter((word) => word !== '' && !word.startsWith('type '));
  if (values.some((word) => !homes?.has(word))) return undefined;
  return values.map((word) => `import { ${word} } from ${JSON.stringify(homes.get(word))};`).join(' ');
}

const options = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  // The packages' sources rather than what tsc made of them: unused code falls away.
  conditions: ['source'],
  define: { ISOGROUPS_VERSION: JSON.stringify(version) },
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
};

const loadBundled = {
  name: 'load-bundled',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/main\.ts$/ }, () => ({ path: path('src/load-bundled-main.ts') }));
  },
};

/** Leaves out what only other commands, and machines that are described, need. */
const onlyTheListing = {
  name: 'only-the-listing',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(\.\/commands\/[a-z-]+\.ts|@isogroups\/simulator)$/ }, ({ path }) =>
      path === './commands/list.ts' ? undefined : { path, namespace: 'left-out' },
    );
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not in this bundle`)});`,
    }));
  },
};

const COMMON_JS = {
  format: 'cjs',
  define: {
    ...options.define,
    'import.meta.url': 'bundleUrl',
    OTHER_COMMANDS: JSON.stringify(OTHER_COMMANDS),
  },
};
const BUNDLE_URL = 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;';

await build({
  ...options,
  ...COMMON_JS,
  entryPoints: [path('src/isogroups.ts')],
  outfile: path('dist/isogroups.cjs'),
  plugins: [loadBundled],
  banner: { js: BUNDLE_URL },
});
for (const [name, plugins] of [
  ['list', [onlyTheListing]],
  ['all', []],
]) {
  await build({
    ...options,
    ...COMMON_JS,
    entryPoints: [path('src/main.ts')],
    outfile: path(`dist/${name}.bundle`),
    plugins: [...plugins, sleepingBuiltins, pastTheIndex],
    // In the function that Node would put around it: to do that at each start is to copy the text.
    banner: {
      js: `(function(exports,require,module,__filename,__dirname){${BUNDLE_URL} const requireBuiltin = require;`,
    },
    footer: { js: '})' },
  });
}
await build({
  ...options,
  format: 'esm',
  entryPoints: [path('src/corpus/main.ts')],
  outfile: path('dist/corpus.mjs'),
  plugins: [sleepingBuiltins, pastTheIndex],
  banner: {
    js: "import { createRequire } from 'node:module';\nconst requireBuiltin = createRequire(import.meta.url);",
  },
});
for (const file of ['isogroups.cjs', 'corpus.mjs']) chmodSync(path(`dist/${file}`), 0o755);

// Only what is often run: code that is not used costs time to load all the same.
const example = ['--machine', path('../../examples/gaming-pc.tar.gz')];
await warm('list', [['list'], ['--json', ...example], ['list', ...example]]);
await warm('all', [
  ['show', '01:00.0', ...example],
  ['why', '01:00.0', '02:00.0', ...example],
  ['why-not', '01:00.0', ...example],
]);

/** V8 compiles a function when it is first called, so the code is taken after a few answers. */
async function warm(name, commandLines) {
  const file = path(`dist/${name}.bundle`);
  const script = new Script(readFileSync(file, 'latin1'), { filename: file });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, process.getBuiltinModule, module, file, dirname(file));
  const silent = { write: () => true, on: () => {} };
  const host = { stdin: Readable.from([]), stdout: silent, stderr: silent, env: {} };
  for (const words of commandLines) await module.exports.main(words, host);
  writeFileSync(`${file}.cache`, script.createCachedData());
}
