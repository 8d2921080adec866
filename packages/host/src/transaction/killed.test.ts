/**
 * A real process is killed with SIGKILL all the way through a claim, a release and a recovery, with a real journal, a real
 * lock, and a kernel that outlives it. Another process recovers.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../inventory/src/testing/temporary-directory.ts';
import { keep, readKept } from '../testing/kept-kernel.ts';
import type { KernelState } from '../testing/kernel-state.ts';
import { machineOf, planFor } from '../testing/scenarios.ts';

let program = '';
beforeAll(() => {
  const entry = fileURLToPath(new URL('../testing/killed-command.ts', import.meta.url));
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    write: false,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  program = outputFiles[0]?.text as string;
});

const start = machineOf(2);

function stage(): { run(action: string, stop?: number): string; devices(): KernelState['devices'] } {
  const directory = temporaryDirectory();
  const file = join(directory, 'program.mjs');
  writeFileSync(file, program);
  writeFileSync(join(directory, 'plan'), JSON.stringify(planFor(start, '0000:00:05.0')));
  keep(join(directory, 'kernel'), start);
  rmSync(join(directory, 'state'), { recursive: true, force: true });
  return {
    run(action, stop) {
      const words = stop === undefined ? [] : [`${stop}`];
      const { stdout, stderr, signal } = spawnSync(process.execPath, [file, directory, action, ...words], {
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      expect(signal).toBe(stop === undefined ? null : 'SIGKILL');
      return stdout.trim();
    },
    devices: () => readKept(join(directory, 'kernel')).devices,
  };
}

it.each(['claim', 'release', 'recover'])(
  '%s is recovered from wherever it is killed',
  (action) => {
    /** What has happened before the action, whole or killed in the middle. */
    const prepare = (): ReturnType<typeof stage> => {
      const on = stage();
      if (action === 'release') on.run('claim');
      if (action === 'recover') on.run('claim', 24);
      return on;
    };
    const whole = prepare();
    const before = JSON.stringify(whole.devices());
    const effects = Number(whole.run(action));
    const goal = JSON.stringify(whole.devices());
    // A claim that was killed halfway is nothing to end up with.
    const allowed = action === 'recover' ? [goal] : [before, goal];
    expect(effects).toBeGreaterThan(20);
    let points = 0;
    // crash.test.ts stops at each of them without a process of its own; here every sixth will do.
    for (let stop = 0; stop <= effects; stop += 6) {
      points += 1;
      const on = prepare();
      on.run(action, stop);
      on.run('recover');
      expect(allowed, `killed before effect ${stop}`).toContain(JSON.stringify(on.devices()));
    }
    console.log(`${action}: killed at ${points} of ${effects + 1} points, recovered from all of them`);
  },
  120_000,
);
