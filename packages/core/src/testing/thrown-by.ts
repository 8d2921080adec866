/**
 * @module What a call throws, for tests of misuse.
 */
import { type Errno, IsolationError } from '../errors.ts';

/** The error of a call that must fail with one. */
export function thrownBy(call: () => unknown): IsolationError {
  try {
    call();
  } catch (error) {
    if (error instanceof IsolationError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

export function errnoOf(call: () => unknown): Errno {
  return thrownBy(call).errno;
}
