/**
 * @module Deadlines.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** The promise's value, or an error once its time is over. */
export async function within<T>(seconds: number, complaint: string, promise: Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const late = sleep(seconds * 1000, undefined, { signal: deadline.signal }).then(() => {
    throw new Error(`${complaint} (${seconds} s)`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    deadline.abort();
  }
}
