/**
 * @module Boots virtual machines and runs the scenarios in them: `npm run test:vm -- [--only expression] [--kernel 6.1] [--jobs 2]
 * [--patience 3] [--list]`. Deadlines are multiplied by the patience: for a machine that has other things to do.
 *
 * Downloads go to $ISOGROUPS_CACHE, or isogroups-cache in the system's directory for temporary files.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { missingPackages } from '../../scripts/guest/tools.mjs';
import { bootFiles } from './harness/boot-files.ts';
import type { KernelSeries } from './harness/machine.ts';
import { runScenarios } from './harness/run-scenarios.ts';
import { PACKAGES } from './packages.ts';
import { SCENARIOS } from './scenarios/all.ts';

const KERNELS: readonly KernelSeries[] = ['6.12', '6.1'];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    kernel: { type: 'string' },
    list: { type: 'boolean' },
    jobs: { type: 'string', default: '1' },
    patience: { type: 'string', default: '1' },
  },
});
const chosen = SCENARIOS.filter(({ name }) => new RegExp(values.only ?? '').test(name));
const kernels = KERNELS.filter((series) => values.kernel === undefined || values.kernel === series);
if (chosen.length === 0 || kernels.length === 0) {
  console.error(`nothing to run: kernels are ${KERNELS.join(', ')}; --list shows the scenarios`);
  process.exit(2);
}
if (values.list) {
  for (const { name, machine } of chosen) console.log(`${machine.name}: ${name}`);
  process.exit();
}
const missing = missingPackages(PACKAGES);
if (missing.length > 0) {
  console.error(`first: apt-get install --no-install-recommends ${missing.join(' ')}`);
  process.exit(3);
}

const cache = process.env.ISOGROUPS_CACHE ?? join(tmpdir(), 'isogroups-cache');
mkdirSync(cache, { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), 'isogroups-vm-'));
try {
  const { passed, failed } = await runScenarios({
    scenarios: chosen,
    kernels,
    files: bootFiles(scratch, cache),
    scratch,
    jobs: Number(values.jobs),
    patience: Number(values.patience),
  });
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true });
}
