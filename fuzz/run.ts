/**
 * @module The command: `npm run fuzz -- [--target <name>]… [--runs <n>] [--seconds <n>] [--seed <n>]`.
 *
 * Exit code 0 when nothing was found, 1 when something was (it is in `fuzz/regressions/` then, made small), 2 on bad usage.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { corpusOf, inputOf } from './mutate.ts';
import { type Regression, saveRegression, toHex } from './regressions.ts';
import { shrink } from './shrink.ts';
import { targetNamed, targets } from './targets/index.ts';
import { tryInput } from './try-input.ts';
import type { Assignment, Finding, Report } from './worker.ts';

const DEFAULT_RUNS = 200_000;
/** An input that takes longer than this never ends, for all we know. */
const HANG_MS = 10_000;

const usage = (problem: string): never => {
  console.error(`${problem}\nusage: npm run fuzz -- [--target <name>]... [--runs <n>] [--seconds <n>] [--seed <n>]`);
  console.error(`targets: ${targets.map((t) => t.name).join(' ')}`);
  process.exit(2);
};

function readOptions() {
  try {
    return parseArgs({
      options: {
        target: { type: 'string', multiple: true },
        runs: { type: 'string' },
        seconds: { type: 'string' },
        seed: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return usage((error as Error).message);
  }
}

/** Runs one target in a worker and watches it. */
function runTarget(assignment: Omit<Assignment, 'progress'>): Promise<Report> {
  const progress = new SharedArrayBuffer(4);
  const current = new Int32Array(progress);
  const worker = new Worker(new URL('worker-start.mjs', import.meta.url), { workerData: { ...assignment, progress } });
  return new Promise((resolve, reject) => {
    let seen = 0;
    let since = performance.now();
    const start = since;
    const watch = setInterval(() => {
      const now = performance.now();
      const begun = Atomics.load(current, 0);
      if (begun !== seen || begun === 0) {
        seen = begun;
        since = now;
      } else if (now - since > HANG_MS) {
        clearInterval(watch);
        void worker.terminate();
        const findings = [{ input: begun - 1, what: HANGS }];
        resolve({ inputs: begun, ms: now - start, slowestMs: now - since, findings });
      }
    }, 250);
    worker.once('message', (report: Report) => {
      clearInterval(watch);
      resolve(report);
    });
    worker.once('error', (error) => {
      clearInterval(watch);
      reject(error);
    });
  });
}

const HANGS = 'does not end';

async function keep(name: string, seed: number, finding: Finding): Promise<Regression> {
  const target = targetNamed(name);
  let bytes = inputOf(target, corpusOf(target), seed, finding.input);
  // What does not end cannot be tried here, so it stays as long as it is.
  if (finding.what !== HANGS) bytes = await shrink(bytes, async (b) => (await tryInput(target, b)).fault !== undefined);
  return { target: name, hex: toHex(bytes), seed, input: finding.input, what: finding.what };
}

const options = readOptions();
const numberOf = (name: 'runs' | 'seconds' | 'seed'): number | undefined => {
  const text = options[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : usage(`--${name} ${text} is no whole number`);
};
const seconds = numberOf('seconds');
const runs = numberOf('runs') ?? (seconds === undefined ? DEFAULT_RUNS : Number.MAX_SAFE_INTEGER);
const seed = numberOf('seed') ?? Date.now() % 2 ** 31;
const names = options.target ?? targets.map((t) => t.name);
for (const name of names) if (!targets.some((t) => t.name === name)) usage(`no target ${name}`);

console.log(`seed ${seed}`);
let inputs = 0;
let ms = 0;
let found = 0;
for (const name of names) {
  const report = await runTarget({ target: name, seed, runs, ms: (seconds ?? Number.POSITIVE_INFINITY) * 1000 });
  inputs += report.inputs;
  ms += report.ms;
  found += report.findings.length;
  const rate = Math.round((report.inputs / report.ms) * 60);
  const slowest = report.slowestMs.toFixed(1);
  console.log(
    `${name}: ${report.inputs} inputs, ${rate}k a minute, slowest ${slowest} ms, ${report.findings.length} found`,
  );
  for (const finding of report.findings) {
    console.log(`  input ${finding.input}: ${finding.what}`);
    console.log(`  kept as ${saveRegression(await keep(name, seed, finding))}`);
  }
}
console.log(
  `${inputs} inputs in ${(ms / 1000).toFixed(0)} s, ${Math.round((inputs / ms) * 60)}k a minute, ${found} found`,
);
process.exitCode = found > 0 ? 1 : 0;
