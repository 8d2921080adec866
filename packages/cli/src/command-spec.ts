/**
 * @module What a command looks like from outside, as data: parsing, `--help`, completion and the manual page read it.
 */
import type { Answer } from './command.ts';
import type { CommandSession } from './session.ts';

/** What a shell can offer for a word: a device or group of the machine, a path, or one of a few words. */
export type Completes = 'device' | 'target' | 'path' | readonly string[];

export interface ArgumentSpec {
  readonly name: string;
  readonly required: boolean;
  readonly summary: string;
  readonly completes: Completes;
  /** Takes all the words that are left, one at least where it is required. Only the last argument may. */
  readonly variadic?: true;
}

export interface OptionSpec {
  /** As commander reads it: `-o, --output <file>`, `--redact`, `--no-color`. */
  readonly flags: string;
  readonly summary: string;
  readonly completes?: Completes;
  /** May be given more than once; its value is then a list of texts. */
  readonly repeatable?: true;
}

/** Words after the command's name. `options` by camel-case name: `--output x` is `{ output: 'x' }`. */
export interface CommandArguments {
  readonly positional: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Each module in commands/ exports one, as `run`. */
type RunCommand = (session: CommandSession, args: CommandArguments) => Promise<Answer>;

export interface CommandSpec {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Paragraphs. */
  readonly description: readonly string[];
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  /** What 0 and 1 mean for this command, where they are an answer. */
  readonly exitCodes?: { readonly 0: string; readonly 1: string };
  readonly examples: readonly string[];
  /** Tells of `driver_override`, which costs a process of its own to read (see `OpenOptions`). */
  readonly overrides?: true;
  /** Loads the code only when the command is used. */
  load(): Promise<{ readonly run: RunCommand }>;
}
