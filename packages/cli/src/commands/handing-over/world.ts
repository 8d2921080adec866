/**
 * @module The machine and the journal that a command acts on.
 */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createJournalFile, createLiveKernelFiles, JournalUnreadable, type World } from '@isogroups/host';
import { CannotReadMachine } from '@isogroups/inventory';
import { UsageError } from '../../command.ts';
import type { CommandSession } from '../../session.ts';

const STATE = '/var/lib/isogroups';

/** @throws UsageError for what is no running machine: a snapshot has no drivers to move, and what claims changed is not in it. */
function openWorld(session: CommandSession, options: Readonly<Record<string, unknown>>): World {
  const { machine } = session.globals;
  if (!isRunning(session)) {
    throw new UsageError(
      `${machine} is no running machine: give the directory that its sys and proc are in, or leave --machine out`,
    );
  }
  const root = machine === undefined ? '/' : resolve(machine);
  const state = typeof options.state === 'string' ? options.state : STATE;
  return { files: createLiveKernelFiles(root), journal: createJournalFile(state) };
}

/**
 * Whether drivers can be moved there: the machine itself, or another root with a kernel behind it, which has a file to write
 * to that no capture takes along.
 */
export function isRunning({ globals: { machine } }: CommandSession): boolean {
  return machine === undefined || existsSync(join(machine, 'sys/bus/pci/drivers_probe'));
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ctrl-C in the middle of devices would leave them to `recover`. What is begun is ended instead: every write has its
 * deadline, so that does not take for ever.
 */
export async function uninterrupted<T>(act: () => Promise<T>): Promise<T> {
  const ignore = (): void => {};
  for (const signal of SIGNALS) process.on(signal, ignore);
  try {
    return await act();
  } finally {
    for (const signal of SIGNALS) process.off(signal, ignore);
  }
}

/** Runs with a world and lets it go, whatever happens. */
export async function withWorld<T>(
  session: CommandSession,
  options: Readonly<Record<string, unknown>>,
  act: (world: World) => Promise<T>,
): Promise<T> {
  const world = openWorld(session, options);
  try {
    return await act(world);
  } catch (error) {
    if (!(error instanceof JournalUnreadable)) throw error;
    const advice = 'Run as root, or name another place with --state.';
    throw new CannotReadMachine('denied', world.journal.label, `${error.message}. ${advice}`);
  } finally {
    world.files.close();
  }
}
