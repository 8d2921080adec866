// Bundles the benchmarks and runs them with a garbage collector that can be called. main.ts has the arguments.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Where the variable is set, Node 20 parses all root certificates at its start: 30 ms that all of its processes pay alike. */
const { NODE_EXTRA_CA_CERTS: certificates, ...env } = process.env;
if (certificates !== undefined)
  console.log('without NODE_EXTRA_CA_CERTS, which adds 30 ms to the start of any Node 20');

const folder = mkdtempSync(join(tmpdir(), 'isogroups-bench-'));
try {
  const outfile = join(folder, 'bench.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['source'],
    logLevel: 'warning',
  });
  // A machine of a million functions makes some 100 MB that stay. In the young generation of 16 MB that Node takes for
  // small scripts they are copied twice, at each of a hundred collections; a third of the time is that, and only at that
  // size. With room for all of them the sizes compare. One thread, to tell what one core does.
  const flags = ['--expose-gc', '--max-old-space-size=8192', '--max-semi-space-size=512', '--single-threaded-gc'];
  console.log(`node ${flags.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [...flags, outfile, ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env,
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
