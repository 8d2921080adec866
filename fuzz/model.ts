/**
 * @module `npm run model -- --operations 100000 --seed 7`: random operations on a registry, compared after each with a naive
 * one that computes everything from scratch.
 */
import { parseArgs } from 'node:util';
import { runModel } from '../packages/core/src/testing/registry-model/run-model.ts';

const { values } = parseArgs({ options: { operations: { type: 'string' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
console.log(`seed ${seed}`);
const start = performance.now();
const { operations, events } = runModel(Number(values.operations ?? 100_000), seed);
const seconds = (performance.now() - start) / 1000;
console.log(`${operations} operations without a difference, in ${seconds.toFixed(1)} s`);
for (const [kind, count] of [...events].sort()) console.log(`${String(count).padStart(8)} ${kind}`);
