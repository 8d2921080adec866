/**
 * @module Gives a claim back when its confirmation does not come, even when the shell that made it is gone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { CommandSession } from '../../session.ts';

/** For the start of the command on a machine that has other things to do. */
const PATIENCE_MS = 20_000;

/** What the process says once it has read the journal and waits. */
const WATCHING = 'watching';

/**
 * The same command, in a session of its own, so that neither a hang-up nor Ctrl-C reaches it. If it is killed all the same,
 * `isogroups recover` gives the claim back, which is overdue then.
 *
 * @returns why nobody watches; undefined: it has said that it does
 */
export function startWatchdog(
  claim: string,
  { globals }: Pick<CommandSession, 'globals'>,
  options: Readonly<Record<string, unknown>>,
  command: readonly [program: string, script: string] = [process.execPath, process.argv[1] as string],
  patienceMs: number = PATIENCE_MS,
): Promise<string | undefined> {
  const words = ['release', claim, '--if-unconfirmed', '--yes'];
  if (typeof options.state === 'string') words.push('--state', options.state);
  if (globals.machine !== undefined) words.push('--machine', globals.machine);
  const [program, script] = command;
  try {
    const child = spawn(program, [script, ...words], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return untilItWatches(child, patienceMs);
  } catch (error) {
    return Promise.resolve(error instanceof Error ? error.message : String(error));
  }
}

function untilItWatches(child: ChildProcess, patienceMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const settle = (why: string | undefined): void => {
      clearTimeout(timer);
      if (child.connected) child.disconnect();
      child.unref();
      resolve(why);
    };
    const timer = setTimeout(() => {
      // Nobody relies on it any more.
      child.kill('SIGKILL');
      settle(`it did not begin to watch within ${patienceMs / 1000} s`);
    }, patienceMs);
    child.once('error', (error) => settle(error.message));
    child.once('exit', (code, signal) => settle(`it ended before it watched (${signal ?? `exit code ${code}`})`));
    child.once('message', (said) => settle(said === WATCHING ? undefined : `it said ${JSON.stringify(said)}`));
  });
}

/** Tells the command that started this one, if it was one, and lets go of it. */
export function sayWatching(): void {
  if (process.connected !== true) return;
  // Whoever does not listen any more has given up on this process; the claim is looked at all the same.
  process.send?.(WATCHING, () => {
    if (process.connected) process.disconnect();
  });
}
