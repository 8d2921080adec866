/**
 * @module Runs random operations on a real and a naive registry, and compares them after each.
 */
import fc from 'fast-check';
import type { RegistryEvent } from '../../registry/events.ts';
import { type Before, compare, NOTHING_BEFORE } from './compare.ts';
import { type Operation, operations } from './operation.ts';
import { createPair } from './pair.ts';
import { runOperation } from './run-operation.ts';

/** At most, in one run: longer ones find nothing more, and take longer to shrink. */
const AT_ONCE = 100;

export interface ModelRun {
  readonly operations: number;
  /** How often what happened, by event and reason: a run in which nothing was claimed shows nothing. */
  readonly events: ReadonlyMap<string, number>;
}

/**
 * At least so many operations.
 * @throws with the shortest list of operations that shows a difference, and the seed
 */
export function runModel(total: number, seed: number): ModelRun {
  let count = 0;
  const events = new Map<string, number>();
  const property = fc.property(operations(AT_ONCE), (list) => {
    count += list.length;
    run(list, (event) => {
      const name = event.kind === 'quarantined' ? `quarantined: ${event.quarantine.kind}` : event.kind;
      events.set(name, (events.get(name) ?? 0) + 1);
    });
  });
  for (let round = 0; count < total; round++) fc.assert(property, { seed: seed + round, numRuns: 20 });
  return { operations: count, events };
}

function run(list: readonly Operation[], happened: (event: RegistryEvent) => void): void {
  const pair = createPair();
  let before: Before = NOTHING_BEFORE;
  for (const [k, operation] of list.entries()) {
    try {
      runOperation(pair, operation);
      before = compare(pair, before);
    } catch (cause) {
      const { message } = cause as Error;
      throw new Error(`operation ${k} (${operation.kind}): ${message}`, { cause });
    }
    pair.events.forEach(happened);
  }
}
