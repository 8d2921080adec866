/**
 * @module Collects the diagnostics of one file.
 */
import { type Diagnostic, diagnostic } from '../facts/diagnostic.ts';

export interface DiagnosticLog {
  /** Usable, but not as it should be. */
  warning(message: string, offset?: number): void;
  /** A part of the file was unusable. */
  error(message: string, offset?: number): void;
  list(): readonly Diagnostic[];
}

/** A file of garbage must not bury its reader: what comes after this many is counted, not told. */
const MOST = 32;

export function diagnosticLog(file: string): DiagnosticLog {
  const told: Diagnostic[] = [];
  let leftOut = 0;
  const add = (severity: Diagnostic['severity'], message: string, offset: number | undefined): void => {
    if (told.length < MOST) told.push(diagnostic(severity, file, message, offset));
    else leftOut++;
  };
  return {
    warning: (message, offset) => add('warning', message, offset),
    error: (message, offset) => add('error', message, offset),
    list: () =>
      Object.freeze(
        leftOut === 0 ? [...told] : [...told, diagnostic('warning', file, `${leftOut} more findings are left out`)],
      ),
  };
}
