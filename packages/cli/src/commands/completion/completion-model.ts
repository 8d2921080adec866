/**
 * @module What a shell has to know of the command, taken from the table of commands.
 */
import type { CommandSpec, Completes, OptionSpec } from '../../command-spec.ts';

/** What can stand at a place: nothing that could be offered, or words, paths, devices. */
export type Offer = Completes | 'nothing';

export interface OptionModel {
  readonly short: string | undefined;
  /** `--machine` */
  readonly long: string;
  readonly summary: string;
  /** Undefined for an option without a value. */
  readonly value: { readonly name: string; readonly offer: Offer } | undefined;
}

interface CommandModel {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionModel[];
  readonly arguments: readonly { readonly name: string; readonly offer: Offer; readonly variadic: boolean }[];
}

export interface CompletionModel {
  /** Options that every command takes, before or behind its name. */
  readonly globals: readonly OptionModel[];
  readonly commands: readonly CommandModel[];
}

const HELP: OptionModel = { short: '-h', long: '--help', summary: 'print help', value: undefined };
const VERSION: OptionModel = { short: '-V', long: '--version', summary: 'print the version', value: undefined };

/** @param words What can be offered for the value of an option that the table gives no words to, by the value's name. */
export function completionModel(
  commands: readonly CommandSpec[],
  globals: readonly OptionSpec[],
  words: Readonly<Record<string, readonly string[]>>,
): CompletionModel {
  return {
    globals: [...globals.map((o) => optionModel(o, words)), HELP, VERSION],
    commands: commands.map(({ name, summary, options, arguments: args }) => ({
      name,
      summary,
      options: options.map((o) => optionModel(o, words)),
      arguments: args.map((a) => ({ name: a.name, offer: a.completes, variadic: a.variadic === true })),
    })),
  };
}

const SHORT = /(?:^|[ ,])(-[A-Za-z])(?=[ ,]|$)/;
const LONG = /(--[A-Za-z][A-Za-z-]*)/;
const VALUE = /[<[]([^\s]+)[>\]]\s*$/;

/** From flags as commander reads them: `-o, --output <file>`. */
export function optionModel(spec: OptionSpec, words: Readonly<Record<string, readonly string[]>>): OptionModel {
  const long = LONG.exec(spec.flags)?.[1];
  if (long === undefined) throw new TypeError(`"${spec.flags}" names no long option`);
  const name = VALUE.exec(spec.flags)?.[1];
  return {
    short: SHORT.exec(spec.flags)?.[1],
    long,
    summary: spec.summary,
    value: name === undefined ? undefined : { name, offer: spec.completes ?? words[name] ?? 'nothing' },
  };
}
