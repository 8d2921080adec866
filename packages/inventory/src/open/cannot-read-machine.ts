/**
 * @module The error of a machine that cannot be read at all. (What is wrong with a part of one is a diagnostic.)
 */

/** Exit status 3 of the command. The message is a sentence with the cause, and one with the next step. */
export class CannotReadMachine extends Error {
  /**
   * `missing`: there is nothing of that name. `denied`: it may not be read. `too-large`: beyond the limit.
   * `not-a-file`: a pipe or device. `unrecognised`: no directory, archive or text of the kinds that are known.
   */
  readonly code: 'missing' | 'denied' | 'too-large' | 'not-a-file' | 'unrecognised' | 'io';
  /** What the user named. */
  readonly where: string;
  /** What it was taken for in turn, for `unrecognised`. */
  readonly tried: readonly string[];

  constructor(
    code: CannotReadMachine['code'],
    where: string,
    message: string,
    details: { readonly tried?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CannotReadMachine';
    this.code = code;
    this.where = where;
    this.tried = details.tried ?? [];
  }
}
