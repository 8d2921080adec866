/**
 * @module From the words of the command line to a command, its arguments and the shared options. The only place that
 * knows commander.
 */
import { Command, CommanderError, Option } from 'commander';
import { UsageError } from './command.ts';
import type { ArgumentSpec, CommandArguments, CommandSpec, OptionSpec } from './command-spec.ts';
import { COMMANDS, EXIT_CODES, GLOBAL_OPTIONS } from './command-table.ts';
import { suggest } from './render/suggest.ts';
import { capital, paragraph } from './render/text.ts';
import { listWords } from './sentences/party.ts';
import type { GlobalOptions } from './session.ts';

export type Invocation =
  | {
      readonly kind: 'command';
      readonly command: CommandSpec;
      readonly args: CommandArguments;
      readonly globals: GlobalOptions & { readonly color: boolean };
    }
  /** `--help`: a text and nothing to do. */
  | { readonly kind: 'text'; readonly text: string };

/** @throws UsageError */
export function parseCommandLine(words: readonly string[], width: number): Invocation {
  let found: Invocation | undefined;
  let printed = '';
  const program = new Command('isogroups');
  /** Without a spec it is the program itself. */
  const quiet = (command: Command, spec?: CommandSpec): Command =>
    command
      .exitOverride((error) => {
        throw error.exitCode === 0 ? error : new UsageError(explain(error, spec));
      })
      .showSuggestionAfterError(false)
      .configureHelp({ helpWidth: width, showGlobalOptions: true })
      .configureOutput({
        writeOut: (text) => {
          printed += text;
        },
        writeErr: () => {},
      });
  quiet(program)
    .description('Computes and explains the isolation groups of a machine: which devices come with a device, and why.')
    .version('', '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help, or that of a command')
    .helpCommand(false)
    .addHelpText('after', () => `\n${exitCodeText(EXIT_CODES, width)}`);
  for (const option of GLOBAL_OPTIONS) program.addOption(optionOf(option));

  for (const spec of commandsFor(words)) {
    const isDefault = spec.name === 'list';
    const command = program.command(spec.name, { isDefault }).summary(spec.summary);
    quiet(command, spec)
      .description(`${capital(spec.summary)}.\n\n${spec.description.join('\n\n')}`)
      .helpOption('-h, --help', 'print this help')
      .addHelpText('after', () => helpTail(spec, width));
    for (const argument of spec.arguments) command.argument(argumentFlags(argument), argument.summary);
    for (const option of spec.options) command.addOption(optionOf(option));
    // Words that nobody wants are looked at below, where more can be said of them than "too many arguments".
    command.allowExcessArguments().action(() => {
      const positional = command.args;
      refuseExcess(spec, positional);
      const globals = program.opts() as GlobalOptions & { color: boolean };
      found = { kind: 'command', command: spec, args: { positional, options: command.opts() }, globals };
    });
  }

  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return { kind: 'text', text: printed };
    throw error;
  }
  if (found === undefined) throw new UsageError('nothing to do; try isogroups --help');
  return found;
}

/** Help names all commands. Otherwise those that the words name will do, and making the others would take time. */
function commandsFor(words: readonly string[]): readonly CommandSpec[] {
  if (words.includes('--help') || words.includes('-h')) return COMMANDS;
  return COMMANDS.filter((c) => c.name === 'list' || words.includes(c.name));
}

function optionOf(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.summary);
  if (spec.repeatable === true) {
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}

const argumentFlags = ({ name, required, variadic }: ArgumentSpec): string => {
  const word = variadic === true ? `${name}...` : name;
  return required ? `<${word}>` : `[${word}]`;
};

function refuseExcess(spec: CommandSpec, positional: readonly string[]): void {
  if (spec.arguments.at(-1)?.variadic === true) return;
  const extra = positional[spec.arguments.length];
  if (extra === undefined) return;
  if (spec.name !== 'list') {
    throw new UsageError(`isogroups ${spec.name} takes no "${extra}"; see isogroups ${spec.name} --help`);
  }
  const near = suggest(
    extra,
    COMMANDS.map((c) => c.name),
  );
  if (near !== undefined) throw new UsageError(`there is no command "${extra}"; did you mean isogroups ${near}?`);
  const looksLikeTarget = /[0-9]/.test(extra);
  throw new UsageError(
    looksLikeTarget
      ? `"${extra}" is no command; did you mean isogroups show ${extra}?`
      : `there is no command "${extra}"; see isogroups --help`,
  );
}

function explain(error: CommanderError, spec: CommandSpec | undefined): string {
  const message = error.message.replace(/^error: /, '').replaceAll("'", '"');
  const help = `see isogroups ${spec === undefined ? '' : `${spec.name} `}--help`;
  if (error.code !== 'commander.unknownOption') return `${message}; ${help}`;
  const option = /"(-[^"=]*)/.exec(message)?.[1] ?? '';
  const others = COMMANDS.filter(({ options }) => options.some((o) => namesOf(o).includes(option)));
  if (others.length > 0) {
    const who = listWords(
      others.map((c) => c.name),
      others.length,
    );
    return `there is no option ${option} here; isogroups ${who} ${others.length === 1 ? 'has' : 'have'} it`;
  }
  const long = [...GLOBAL_OPTIONS, ...(spec?.options ?? [])].flatMap(namesOf).filter((name) => name.startsWith('--'));
  const near = suggest(option, [...long, '--help', '--version']);
  return `there is no option ${option}; ${near === undefined ? help : `did you mean ${near}?`}`;
}

/** `-a, --all`: both. */
const namesOf = ({ flags }: OptionSpec): readonly string[] =>
  flags.split(/[ ,]+/).filter((word) => word.startsWith('-'));

function helpTail(spec: CommandSpec, width: number): string {
  const examples = spec.examples.map((e) => `  ${e}`).join('\n');
  const codes = spec.exitCodes === undefined ? '' : `${exitCodeText({ ...EXIT_CODES, ...spec.exitCodes }, width)}\n`;
  return `\n${codes}${codes === '' ? '' : '\n'}Examples:\n${examples}`;
}

function exitCodeText(codes: Readonly<Record<number, string>>, width: number): string {
  const words = Object.entries(codes).map(([code, meaning]) => `${code} ${meaning}`);
  return paragraph(`${words.join(', ')}.`, width, 'Exit code: ');
}
