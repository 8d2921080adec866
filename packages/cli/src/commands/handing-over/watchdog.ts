/**
 * @module Gives a claim back when its confirmation does not come, even when the shell that made it is gone.
 */
import { spawn } from 'node:child_process';
import type { CommandSession } from '../../session.ts';

/**
 * The same command, in a session of its own, so that neither a hang-up nor Ctrl-C reaches it. If it is killed all the same,
 * `isogroups recover` gives the claim back, which is overdue then.
 */
export function startWatchdog(
  claim: string,
  { globals }: CommandSession,
  options: Readonly<Record<string, unknown>>,
): void {
  const words = ['release', claim, '--if-unconfirmed', '--yes'];
  if (typeof options.state === 'string') words.push('--state', options.state);
  if (globals.machine !== undefined) words.push('--machine', globals.machine);
  spawn(process.execPath, [process.argv[1] as string, ...words], { detached: true, stdio: 'ignore' }).unref();
}
