/**
 * @module Runs one input against one target.
 */
import type { FuzzTarget } from './target.ts';

/** Milliseconds that an input may take. Ordinary ones take hundredths of one. */
const BUDGET_MS = 50;

export interface Outcome {
  /** What was not as promised; undefined where all was. */
  readonly fault: string | undefined;
  readonly ms: number;
}

export async function tryInput(target: FuzzTarget, bytes: Uint8Array): Promise<Outcome> {
  let outcome = await once(target, bytes);
  // The machine may have been busy with something else: an input is slow only if it is slow each time.
  for (let again = 0; again < 3 && outcome.fault === undefined && outcome.ms > BUDGET_MS; again++) {
    const next = await once(target, bytes);
    if (next.ms < outcome.ms || next.fault !== undefined) outcome = next;
  }
  if (outcome.fault !== undefined || outcome.ms <= BUDGET_MS) return outcome;
  return { ...outcome, fault: `took ${outcome.ms.toFixed(0)} ms, more than ${BUDGET_MS}` };
}

async function once(target: FuzzTarget, bytes: Uint8Array): Promise<Outcome> {
  const start = performance.now();
  let fault: string | undefined;
  try {
    const pending = target.run(bytes);
    // Awaiting what is no promise would cost more than parsing it.
    if (pending !== undefined) await pending;
  } catch (error) {
    fault = error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`;
  }
  return { fault, ms: performance.now() - start };
}
