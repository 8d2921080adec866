// Bundles the benchmarks and runs them with a garbage collector that can be called. `--quick`: small sizes, few rounds.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--max-old-space-size=8192', outfile, ...process.argv.slice(2)],
    { stdio: 'inherit', cwd: fileURLToPath(new URL('..', import.meta.url)) },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
