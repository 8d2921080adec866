/**
 * @module Gives a claim back when its confirmation does not come, even when the shell that made it is gone.
 */
import { spawn } from 'node:child_process';
import type { CommandSession } from '../../session.ts';

/**
 * The same command, in a session of its own, so that neither a hang-up nor Ctrl-C reaches it. If it is killed all the same,
 * `isogroups recover` gives the claim back, which is overdue then.
 *
 * @returns why it could not be started; undefined: it waits now
 */
export function startWatchdog(
  claim: string,
  { globals }: Pick<CommandSession, 'globals'>,
  options: Readonly<Record<string, unknown>>,
  command: readonly [program: string, script: string] = [process.execPath, process.argv[1] as string],
): Promise<string | undefined> {
  const words = ['release', claim, '--if-unconfirmed', '--yes'];
  if (typeof options.state === 'string') words.push('--state', options.state);
  if (globals.machine !== undefined) words.push('--machine', globals.machine);
  const [program, script] = command;
  return new Promise((resolve) => {
    try {
      const child = spawn(program, [script, ...words], { detached: true, stdio: 'ignore' });
      child.once('error', (error) => resolve(error.message));
      child.once('spawn', () => {
        child.unref();
        resolve(undefined);
      });
    } catch (error) {
      resolve(error instanceof Error ? error.message : String(error));
    }
  });
}
