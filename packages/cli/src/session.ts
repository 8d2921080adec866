/**
 * @module What the shared options say, and the machine, read and analysed when a command first asks for it.
 */
import {
  accepts,
  extendPolicy,
  isPolicyError,
  type Partition,
  POLICIES,
  type Policy,
  parseAcceptances,
  partition,
} from '@isogroups/core';
import { loadNames, type MachineTree, type OpenedMachine, type OpenOptions } from '@isogroups/inventory';
import { type Analysis, analyse, type Diagnostic, diagnostic, KERNEL_SERIES } from '@isogroups/pci';
import { type Session, UsageError } from './command.ts';
import { type Names, NO_NAMES } from './names.ts';
import { openWhere } from './open-where.ts';
import { type Output, type Style, styleFor } from './render/style.ts';
import { isPipedIn, lineOf, type StandardInput, textOf } from './standard-input.ts';

/** The options that all commands share, as given. */
export interface GlobalOptions {
  readonly machine?: string;
  readonly policy?: string;
  readonly accept?: readonly string[];
  readonly kernel?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** A session as commands get it. */
export interface CommandSession extends Session {
  readonly globals: GlobalOptions;
  /** The files that the machine was read from; undefined for a text. */
  files(): Promise<MachineTree | undefined>;
  /** The groups of the machine under the policy. */
  groups(): Promise<Partition>;
  /** Another machine than that of `--machine`, with the same rules: a path as `--machine` takes it. */
  analysisOf(where: string): Promise<Analysis>;
  /** What was wrong with the input of all that was read so far. */
  readonly diagnostics: readonly Diagnostic[];
  /** Asks on the terminal after showing a text; undefined where there is none to ask. */
  agrees(show: (style: Style) => string, question: string): Promise<boolean | undefined>;
}

/** Node makes a stream of standard input when it is first looked at: two milliseconds that few commands need to spend. */
export interface Terminal {
  readonly stdin: StandardInput;
  readonly stderr: Output & { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @throws UsageError where there is no such policy or kernel. */
export function createSession(
  globals: GlobalOptions,
  input: Terminal,
  reading: Pick<OpenOptions, 'overrides'> = {},
): CommandSession {
  const policy = policyOf(globals);
  checkKernel(globals.kernel);
  const diagnostics: Diagnostic[] = [];
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () => {
      made ??= make();
      return made;
    };
  };
  const read = async (where: string | undefined): Promise<OpenedMachine> => {
    const opened = await openWhere(where, input.stdin, reading);
    diagnostics.push(...opened.machine.diagnostics);
    return opened;
  };
  const analysed = ({ machine }: OpenedMachine): Analysis =>
    analyse(machine, globals.kernel === undefined ? {} : { kernel: globals.kernel });
  const opened = once(() => read(globals.machine));
  const analysis = once(async () => {
    const found = analysed(await opened());
    diagnostics.push(...idleAcceptances(found, policy), ...strangeKernel(found));
    return found;
  });
  return {
    globals,
    policy,
    diagnostics,
    analysis,
    files: async () => (await opened()).tree,
    analysisOf: async (where) => analysed(await read(where)),
    groups: once(async () => partition((await analysis()).graph, policy)),
    names: once(async (): Promise<Names> => loadNames() ?? NO_NAMES),
    agrees: (show, question) => askOnTerminal(input, show, question),
    stdinText: once(async () => (globals.machine === '-' || !isPipedIn(input.stdin) ? undefined : textOf(input.stdin))),
  };
}

async function askOnTerminal(
  { stdin, stderr, env }: Terminal,
  show: (style: Style) => string,
  question: string,
): Promise<boolean | undefined> {
  if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined;
  stderr.write(`${show(styleFor(stderr, env))}\n\n${question} [y/N] `);
  return /^y(es)?$/i.test((await lineOf(stdin)).trim());
}

function policyOf({ policy: name = 'default', accept = [] }: GlobalOptions): Policy {
  if (!Object.hasOwn(POLICIES, name)) {
    throw new UsageError(`there is no policy "${name}"; choose one of ${Object.keys(POLICIES).join(', ')}`);
  }
  const base = POLICIES[name as keyof typeof POLICIES];
  return extendPolicy(
    base,
    accept.flatMap((text) => {
      const acceptances = parseAcceptances(text);
      if (isPolicyError(acceptances)) throw new UsageError(`--accept ${text}: ${acceptances.message}`);
      return acceptances;
    }),
  );
}

function checkKernel(kernel: string | undefined): void {
  if (kernel === undefined || /^v?\d+\.\d+/.test(kernel)) return;
  throw new UsageError(
    `"${kernel}" is no kernel; give a series (${KERNEL_SERIES.join(', ')}) or a release like 6.12.15`,
  );
}

/** A release whose rules are not known, so that those of another are applied. */
function strangeKernel({ rules }: Analysis): readonly Diagnostic[] {
  const { note, text } = rules.release;
  return note?.includes('rules known here') ? [diagnostic('warning', `kernel ${text}`, note)] : [];
}

/** Acceptances at a place where there is nothing of the kind: a slip of the pen, more often than not. */
function idleAcceptances({ graph }: Analysis, policy: Policy): readonly Diagnostic[] {
  return policy.acceptances.flatMap((acceptance) => {
    if (acceptance.where === undefined) return [];
    const isOurs = accepts({ name: '', acceptances: [acceptance] }, graph);
    if (graph.interferences.some(isOurs)) return [];
    const message = `there is no ${acceptance.kind} at ${acceptance.where}; nothing is accepted by it`;
    return [diagnostic('warning', `--accept ${acceptance.kind}@${acceptance.where}`, message)];
  });
}
