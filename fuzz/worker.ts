/**
 * @module Fuzzes one target in a thread of its own, so that an input that never ends does not take its watcher along.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { corpusOf, inputOf } from './mutate.ts';
import { targetNamed } from './targets/index.ts';
import { tryInput } from './try-input.ts';

export interface Assignment {
  readonly target: string;
  readonly seed: number;
  /** Stop after this many inputs, or this many milliseconds. */
  readonly runs: number;
  readonly ms: number;
  /** Int32Array of one: how many inputs were begun; 0 while the target is being loaded, which is nobody's fault. */
  readonly progress: SharedArrayBuffer;
}

export interface Finding {
  readonly input: number;
  readonly what: string;
}

export interface Report {
  readonly inputs: number;
  readonly ms: number;
  readonly slowestMs: number;
  readonly findings: readonly Finding[];
}

/** A defect shows up again and again: after this many different ones the run has told enough. */
const MOST_FINDINGS = 5;

async function work(assignment: Assignment): Promise<Report> {
  const target = targetNamed(assignment.target);
  const corpus = corpusOf(target);
  const progress = new Int32Array(assignment.progress);
  const findings = new Map<string, Finding>();
  const start = performance.now();
  let slowestMs = 0;
  let n = 0;
  for (; n < assignment.runs && findings.size < MOST_FINDINGS; n++) {
    if (n % 64 === 0 && performance.now() - start > assignment.ms) break;
    Atomics.store(progress, 0, n + 1);
    const { fault, ms } = await tryInput(target, inputOf(target, corpus, assignment.seed, n));
    slowestMs = Math.max(slowestMs, ms);
    // Numbers differ from input to input; the defect is the same.
    const key = fault?.replace(/\d+/g, '#');
    if (fault !== undefined && key !== undefined && !findings.has(key)) findings.set(key, { input: n, what: fault });
  }
  return { inputs: n, ms: performance.now() - start, slowestMs, findings: [...findings.values()] };
}

parentPort?.postMessage(await work(workerData as Assignment));
