/**
 * @module Builds the proof with one defect in the rules, and runs it. The working tree is not touched: the change is made
 * while the sources are bundled.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import type { Mutation } from './mutations.ts';
import type { Verdict } from './trial.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/**
 * @param mutation undefined: the rules as they are.
 * @param seeds random machines to try after the captured ones.
 * @throws Error where the mutation no longer fits its file.
 */
export async function tryMutation(mutation: Mutation | undefined, seeds: number): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'isogroups-mutation-'));
  try {
    const outfile = join(folder, 'trial.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('trial.ts', import.meta.url))],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      conditions: ['source'],
      logLevel: 'silent',
      plugins: mutation === undefined ? [] : [defect(mutation)],
    });
    const { stdout } = await run(process.execPath, [outfile, join(ROOT, 'fixtures'), String(seeds)]);
    return JSON.parse(stdout) as Verdict;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function defect({ name, file, find, replace }: Mutation): Plugin {
  const path = join(ROOT, 'packages/pci/src', file);
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2) {
    throw new Error(
      `"${name}": the text to change stands ${parts.length - 1} times in ${file}; it must stand there once`,
    );
  }
  return {
    name: 'defect',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, (args) =>
        args.path === path ? { contents: parts.join(replace), loader: 'ts' as const } : undefined,
      );
    },
  };
}
