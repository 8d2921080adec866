/**
 * @module A child process that does one privileged operation after the other, and can be abandoned inside any of them.
 */
import { spawn } from 'node:child_process';
import type { Program, WriteOutcome, WriterIdentity } from './kernel-files.ts';
import { WRITER_SCRIPT } from './writer-script.ts';

export type WriterRequest =
  | { readonly file: string; readonly text: string }
  | { readonly program: Program; readonly args: readonly string[] };

export interface WriterProcess {
  readonly identity: Promise<WriterIdentity>;
  hasEnded(): boolean;
  /** One at a time. After `stuck` this process is of no more use. */
  ask(request: WriterRequest, deadlineMs: number): Promise<WriteOutcome>;
  close(): void;
}

/** A process that ended without an answer; the operation may have been done or not. */
const died: WriteOutcome = Object.freeze({
  kind: 'errno',
  errno: 'EPIPE',
  says: 'the process that writes has ended without an answer',
});

/** @throws nothing; a process that cannot be started shows as outcomes `errno`. */
export function startWriter(): WriterProcess {
  const child = spawn(process.execPath, ['--eval', WRITER_SCRIPT], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // A session of its own: Ctrl-C is for the parent, which undoes what it began and needs its writer for that.
    detached: true,
    env: { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  const waiting: ((line: string | undefined) => void)[] = [];
  const lines: string[] = [];
  let ended = false;
  let text = '';
  const finish = (): void => {
    ended = true;
    for (const take of waiting.splice(0)) take(undefined);
  };
  const nextLine = (): Promise<string | undefined> => {
    const line = lines.shift();
    if (line !== undefined || ended) return Promise.resolve(line);
    return new Promise((resolve) => waiting.push(resolve));
  };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const complete = text.split('\n');
    text = complete.pop() as string;
    for (const line of complete) {
      const take = waiting.shift();
      if (take === undefined) lines.push(line);
      else take(line);
    }
  });
  child.stdout.on('end', finish);
  child.stdin.on('error', () => {});
  child.on('error', finish);
  child.unref();

  const identity = nextLine().then(
    (line): WriterIdentity => (line === undefined ? { pid: child.pid ?? 0, started: '' } : JSON.parse(line)),
  );
  return {
    identity,
    hasEnded: () => ended,
    async ask(request, deadlineMs) {
      const writer = await identity;
      if (ended) return died;
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const line = await within(nextLine(), deadlineMs);
      if (line === LATE) return { kind: 'stuck', writer, deadlineMs };
      return line === undefined ? died : (JSON.parse(line) as WriteOutcome);
    },
    close() {
      child.stdin.destroy();
      child.stdout.destroy();
    },
  };
}

const LATE: unique symbol = Symbol('late');

async function within<T>(promise: Promise<T>, ms: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
