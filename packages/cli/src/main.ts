/**
 * @module Runs one command line: parse, answer, print, exit code.
 */
import { CannotReadMachine } from '@isogroups/inventory';
import { formatDiagnostic } from '@isogroups/pci';
import { type Answer, type ExitCode, UsageError } from './command.ts';
import { type Invocation, parseCommandLine } from './parse-command-line.ts';
import { type Style, styleFor } from './render/style.ts';
import { paragraph } from './render/text.ts';
import { type CommandSession, createSession } from './session.ts';
import type { StandardInput } from './standard-input.ts';
import type { Writer } from './standard-output.ts';
import { VERSION } from './version.ts';

/** Version of the shape of all JSON answers: goes up when something that was there changes or goes away. */
const SCHEMA_VERSION = 1;

/** What of a process a command line needs; `process` itself is one. */
export interface Host {
  readonly stdin: StandardInput;
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A defect of isogroups itself, as sysexits.h numbers it: apart from the codes that are answers. */
const SOFTWARE_ERROR = 70;

export async function main(given: readonly string[], host: Host): Promise<number> {
  // `isogroups help show`, as many tools have it.
  const words = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  exitOnLostOutput(host);
  const json = words.includes('--json');
  try {
    const invocation = parseCommandLine(words, styleFor(host.stdout, host.env).width);
    if (invocation.kind === 'text') {
      host.stdout.write(words.includes('--help') || words.includes('-h') ? invocation.text : `isogroups ${VERSION}\n`);
      return 0;
    }
    return await run(invocation, host);
  } catch (error) {
    return report(error, host, json);
  }
}

async function run(invocation: Extract<Invocation, { kind: 'command' }>, host: Host): Promise<ExitCode> {
  const { command, args, globals } = invocation;
  const session = createSession(globals, host, { overrides: command.overrides === true });
  const { run } = await command.load();
  const answer = await run(session, args);
  host.stdout.write(
    globals.json === true ? jsonText(answer) : asLine(answer.text(styleFor(host.stdout, host.env, globals.color))),
  );
  tellDiagnostics(session, host, globals.verbose === true);
  return answer.exitCode;
}

function jsonText(answer: Answer): string {
  return `${JSON.stringify({ version: SCHEMA_VERSION, ...answer.data }, null, 2)}\n`;
}

/** One line end at the end; control characters, which names in hostile input may hold, as their codes. */
function asLine(text: string): string {
  const harmless = text.replace(CONTROL, (c) =>
    COLOUR.test(c) ? c : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return harmless === '' || harmless.endsWith('\n') ? harmless : `${harmless}\n`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /\u001b\[[0-9;]*m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** The sequences with which `Style` sets colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const COLOUR = /^\u001b\[[0-9;]*m$/;

const SHOWN = 3;

function tellDiagnostics({ diagnostics }: CommandSession, host: Host, all: boolean): void {
  if (diagnostics.length === 0) return;
  const style = styleFor(host.stderr, host.env);
  const shown = all ? diagnostics : diagnostics.slice(0, SHOWN);
  const lines = shown.map((d) => note(style, formatDiagnostic(d)));
  const rest = diagnostics.length - shown.length;
  if (rest > 0) lines.push(`... and ${rest} more: --verbose`);
  tell(host, lines.join('\n'));
}

const note = (style: Style, text: string): string => paragraph(text, style.width, '', '  ');

/** One or two sentences on standard error; with --json an object on standard output as well. */
function report(error: unknown, host: Host, json: boolean): number {
  const { code, message } = describe(error);
  if (json)
    host.stdout.write(
      `${JSON.stringify({ version: SCHEMA_VERSION, kind: 'error', exitCode: code, message }, null, 2)}\n`,
    );
  tell(host, note(styleFor(host.stderr, host.env), `isogroups: ${message}`));
  if (error instanceof UsageError && error.shown !== undefined) tell(host, error.shown);
  if (code === SOFTWARE_ERROR && error instanceof Error) tell(host, error.stack ?? '');
  return code;
}

function describe(error: unknown): { code: number; message: string } {
  if (error instanceof UsageError) return { code: 2, message: error.message };
  if (error instanceof CannotReadMachine) return { code: 3, message: error.message };
  // By its name: what writes snapshots is not loaded for every command.
  if (error instanceof Error && error.name === 'CannotWriteSnapshot') return { code: 3, message: error.message };
  const what = error instanceof Error ? error.message : String(error);
  return { code: SOFTWARE_ERROR, message: `this is a defect of isogroups, please report it: ${what}` };
}

/**
 * `isogroups | head` closes the pipe early: nothing is wrong then. A full disk is: the exit code of the answer would be
 * read as if it had been printed.
 */
function exitOnLostOutput(host: Host): void {
  host.stdout.on('error', (error) => {
    if (error.code === 'EPIPE') return;
    tell(host, `isogroups: the answer could not be written: ${error.message}`);
    process.exit(SOFTWARE_ERROR);
  });
}

/** Standard error is made when there is something to say, which is rare. */
function tell({ stderr }: Host, text: string): void {
  stderr.on('error', () => {});
  stderr.write(`${text}\n`);
}
