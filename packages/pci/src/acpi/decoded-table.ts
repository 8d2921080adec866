/**
 * @module What a table decoder answers.
 */
import type { Diagnostic } from '../facts/diagnostic.ts';

export interface DecodedTable<T> {
  /** Undefined where nothing of it could be used; the diagnostics say why. */
  readonly table: T | undefined;
  readonly diagnostics: readonly Diagnostic[];
}
