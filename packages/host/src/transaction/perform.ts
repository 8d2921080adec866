/**
 * @module Performs what a protocol asks for, on a machine.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { findUsers } from '../claims/users.ts';
import type { JournalStore } from '../journal/journal-store.ts';
import type { KernelFiles, WriterIdentity } from '../kernel-files/kernel-files.ts';
import { objectionsTo } from '../plan/objections.ts';
import type { Plan } from '../plan/plan.ts';
import type { Refusal } from '../plan/refusal.ts';
import { readSigns, showNoChange } from '../plan/signs-of-change.ts';
import type { Step } from '../plan/step.ts';
import type { AnswerTo, Effect, Protocol } from './effect.ts';
import { bindingNow, groupMembers, observe } from './observation.ts';

export interface World {
  readonly files: KernelFiles;
  readonly journal: JournalStore;
  readonly deadlines?: Deadlines;
}

/** Milliseconds. Binding resets devices and loads firmware, which takes seconds on some. */
export interface Deadlines {
  readonly write: number;
  readonly run: number;
  /** How long a writer that outlived its command is waited for. */
  readonly linger: number;
}

export const DEADLINES: Deadlines = Object.freeze({ write: 20_000, run: 30_000, linger: 3_000 });

/** @throws what the journal throws when it cannot be read. The lock is let go in any case, by whoever has it. */
export async function perform<R>(protocol: Protocol<R>, world: World): Promise<R> {
  let locked = false;
  try {
    let next = protocol.next();
    while (next.done !== true) {
      const effect = next.value;
      const answer = await performEffect(effect, world);
      if (effect.kind === 'lock') locked = (answer as AnswerTo<typeof effect>).kind === 'locked';
      if (effect.kind === 'unlock') locked = false;
      next = protocol.next(answer);
    }
    return next.value;
  } finally {
    // Another that runs in this process may have the lock.
    if (locked) world.journal.unlock();
  }
}

export async function performEffect(effect: Effect, world: World): Promise<AnswerTo<Effect>> {
  const { files, journal, deadlines = DEADLINES } = world;
  switch (effect.kind) {
    case 'lock':
      return journal.lock();
    case 'unlock':
      return journal.unlock() as undefined;
    case 'read-journal':
      return journal.read();
    case 'append':
      return journal.append(effect.record, effect.sync);
    case 'observe':
      return observe(files.glance(), effect.devices);
    case 'binding':
      return bindingNow(files.glance(), effect.device, effect.fields);
    case 'company': {
      const tree = files.glance();
      return effect.groups.flatMap((group) => groupMembers(tree, group));
    }
    case 'objections':
      return objectionsNow(effect.plan, files);
    case 'users':
      return findUsers(await files.lookPatiently([]), effect.devices).users;
    case 'writer':
      return files.writer();
    case 'linger':
      return lingers(files, effect.writer, deadlines.linger);
    case 'do':
      return doStep(files, effect.step, deadlines);
  }
}

/** Patiently: the lock is held meanwhile, and what one process hangs in must not keep everybody else waiting. */
async function objectionsNow(plan: Plan, files: KernelFiles): Promise<readonly Refusal[]> {
  if (showNoChange(plan.signs, readSigns(files.glance()))) return [];
  return objectionsTo(plan, await files.lookPatiently(plan.claimed.map((m) => m.device)));
}

const LOOK_AGAIN_MS = 50;

async function lingers(files: KernelFiles, writer: WriterIdentity, forMs: number): Promise<boolean> {
  for (let waited = 0; files.isAlive(writer); waited += LOOK_AGAIN_MS) {
    if (waited >= forMs) return true;
    await sleep(LOOK_AGAIN_MS);
  }
  return false;
}

function doStep(files: KernelFiles, step: Step, deadlines: Deadlines): ReturnType<KernelFiles['write']> {
  return step.kind === 'write'
    ? files.write(step.file, step.text, deadlines.write)
    : files.run(step.program, step.args, deadlines.run);
}
