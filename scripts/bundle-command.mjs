// Bundles the commands of packages/cli into packages/cli/dist: isogroups.mjs, and corpus.mjs for `npm run corpus`.
// Runs after `tsc -b`. Also prepares the index of device names, which the bundle looks for beside itself.
//
// The command is one bundle, isogroups-main.mjs, with a few lines before it, isogroups.mjs: those answer --version in the
// time of an empty script, where compiling the bundle would cost half as much again as all of `node -e 0`. More files
// are slower: split into chunks, a listing resolves and reads thirty of them and takes a tenth longer.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const cli = new URL('../packages/cli/', import.meta.url);
const path = (relative, base = cli) => fileURLToPath(new URL(relative, base));
const { version } = JSON.parse(readFileSync(path('package.json'), 'utf8'));

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
    onResolve({ filter: /^[a-z]/ }, ({ path }) => (isBuiltin(path) ? { path, namespace: 'builtin' } : undefined));
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = requireBuiltin(${JSON.stringify(path)});`,
    }));
  },
};

const options = {
  bundle: true,
  format: 'esm',
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

const whole = {
  ...options,
  plugins: [sleepingBuiltins],
  banner: {
    js: "import { createRequire } from 'node:module';\nconst requireBuiltin = createRequire(import.meta.url);",
  },
};

const MAIN = './isogroups-main.mjs';
const mainApart = {
  name: 'main-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/main\.ts$/ }, () => ({ path: MAIN, external: true }));
  },
};

await build({
  ...options,
  entryPoints: [path('src/isogroups.ts')],
  outfile: path('dist/isogroups.mjs'),
  plugins: [mainApart],
});
await build({ ...whole, entryPoints: [path('src/main.ts')], outfile: path('dist/isogroups-main.mjs') });
await build({ ...whole, entryPoints: [path('src/corpus/main.ts')], outfile: path('dist/corpus.mjs') });
for (const file of ['isogroups.mjs', 'corpus.mjs']) chmodSync(path(`dist/${file}`), 0o755);
