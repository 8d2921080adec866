/**
 * @module What a command of `isogroups` is: a function from a session and its arguments to an answer.
 */
import type { Policy } from '@isogroups/core';
import type { Analysis } from '@isogroups/pci';
import type { Names } from './names.ts';
import type { Style } from './render/style.ts';

/** 0 yes or done, 1 no, 2 bad usage, 3 the machine cannot be read. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What a command found. The same data stands behind the text and behind `--json`. */
export interface Answer {
  readonly exitCode: ExitCode;
  /** Plain JSON data, described in schema/isogroups.schema.json; `kind` names the shape. */
  readonly data: { readonly kind: string } & Readonly<Record<string, unknown>>;
  text(style: Style): string;
}

/** What the options that all commands share say, and what is read from the machine on demand. */
export interface Session {
  readonly policy: Policy;
  /** Reads and analyses the machine on first use; throws CannotReadMachine. */
  analysis(): Promise<Analysis>;
  names(): Promise<Names>;
  /** Text on standard input, where something is piped in and `--machine -` does not take it; otherwise undefined. */
  stdinText(): Promise<string | undefined>;
}

/** Wrong arguments: exit code 2, with a sentence that says what is right. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  /** Shown below the sentence as it stands: a line with a mark at the place that is meant. */
  readonly shown: string | undefined;

  constructor(message: string, shown?: string) {
    super(message);
    this.shown = shown;
  }
}
