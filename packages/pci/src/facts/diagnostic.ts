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
  const said = { kind: 'diagnostic', severity, file, message: printable(message) } as const;
  return Object.freeze(offset === undefined ? said : { ...said, offset });
}

/** Messages quote the input, which may be hostile: what would act on a terminal is shown as its code. */
function printable(text: string): string {
  return text.replace(CONTROL, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** `sys/firmware/acpi/tables/DMAR at 0x30: structure of length 0` */
export function formatDiagnostic(d: Diagnostic): string {
  const place = d.offset === undefined ? d.file : `${d.file} at 0x${d.offset.toString(16)}`;
  return `${d.severity}: ${place}: ${d.message}`;
}
