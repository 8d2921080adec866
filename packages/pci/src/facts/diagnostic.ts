/**
 * @module Something wrong with the input: told to the user, never thrown. What is sound is still used.
 */

export interface Diagnostic {
  readonly kind: 'diagnostic';
  /** `error`: a part of the input was unusable. `warning`: usable, but not as it should be. */
  readonly severity: 'error' | 'warning';
  /** The file (path below the machine's root) or the line of a text ("lspci text, line 12"). */
  readonly file: string;
  /** Byte offset in the file, where there is one. */
  readonly offset?: number;
  /** One sentence: what was found, and what was done about it. */
  readonly message: string;
}

export function diagnostic(
  severity: Diagnostic['severity'],
  file: string,
  message: string,
  offset?: number,
): Diagnostic {
  return Object.freeze(
    offset === undefined
      ? { kind: 'diagnostic', severity, file, message }
      : { kind: 'diagnostic', severity, file, offset, message },
  );
}

/** `sys/firmware/acpi/tables/DMAR at 0x30: structure of length 0` */
export function formatDiagnostic(d: Diagnostic): string {
  const place = d.offset === undefined ? d.file : `${d.file} at 0x${d.offset.toString(16)}`;
  return `${d.severity}: ${place}: ${d.message}`;
}
