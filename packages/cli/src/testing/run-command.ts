/**
 * @module Runs a command line inside the test's process.
 */
import { Readable } from 'node:stream';
import { main } from '../main.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Text that is piped in; without it standard input is empty and of no kind that commands read. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Columns of a terminal; without it the output is none. */
  readonly terminal?: number;
}

export async function runCommand(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const stdout = collector(options.terminal);
  const stderr = collector(options.terminal);
  const stdin = Object.assign(Readable.from(options.stdin === undefined ? [] : [options.stdin]), {
    isTTY: options.stdin === undefined,
  });
  const code = await main(words, { stdin, stdout, stderr, env: options.env ?? {} });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

interface Collector {
  readonly isTTY: boolean;
  readonly columns?: number;
  write(text: string): boolean;
  on(): void;
  text(): string;
}

function collector(terminal: number | undefined): Collector {
  let all = '';
  return {
    isTTY: terminal !== undefined,
    ...(terminal === undefined ? {} : { columns: terminal }),
    write: (text) => {
      all += text;
      return true;
    },
    on: () => {},
    text: () => all,
  };
}
