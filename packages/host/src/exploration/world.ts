/**
 * @module The whole of an explored situation as data: kernel, journal, lock, and all who act.
 */
import type { ClaimState } from '../claims/claim-state.ts';
import type { Journal } from '../journal/parse-journal.ts';
import type { WriteOutcome } from '../kernel-files/kernel-files.ts';
import { errno, isHeld, type KernelState, performStep } from '../testing/kernel-state.ts';
import type { Effect } from '../transaction/effect.ts';
import { type Actor, type Cast, createCast, type Program } from './actor.ts';
import { createHistories, type Histories, type History } from './histories.ts';
import { createKernels, type Kernel, type Kernels, type Look } from './kernels.ts';
import { createPairMemo, createTexts } from './numbering.ts';

export interface World {
  readonly kernel: Kernel;
  /** What the journal says to who reads it. */
  readonly journal: History;
  /** What of it is on disk for certain: the worst leaves this. */
  readonly disk: History;
  /** Index of the actor that has the lock. */
  readonly lock: number | undefined;
  readonly actors: readonly Actor[];
  /** What may still go wrong. */
  readonly budget: Budget;
}

export interface Budget {
  /** SIGKILL of a command. */
  readonly kills: number;
  /** A write, of the kernel's files or of the journal, that does not end as asked: see `Ending`. */
  readonly faults: number;
  readonly unplugs: number;
  /** A driver of the host takes a member that stays. */
  readonly strangers: number;
  /** A loss of power. */
  readonly reboots: number;
}

/** Claims of this boot that have not ended. */
export function standingClaims({ journal, kernel }: World): readonly ClaimState[] {
  return journal.claims.filter((c) => c.status !== 'ended' && c.boot === bootOf(kernel));
}

export const bootOf = ({ state }: Kernel): string => `boot-${state.boot}`;

/**
 * How a write ends. `refused`: an error, or a full disk. `halfway`: a write to the kernel's files hangs; a record of the
 * journal is there, and that it is on disk cannot be said.
 */
type Ending = 'as-asked' | 'refused' | 'halfway';

/** What changes worlds, and remembers what it made of them. */
export interface Universe {
  readonly start: World;
  /** The situation after an actor got what it asked for. */
  act(world: World, index: number, ending?: Ending): World;
  /** SIGKILL. A write that is in the kernel at that moment stays there with its process, where `inFlight` says so. */
  kill(world: World, index: number, inFlight: boolean): World;
  /** Everything that runs is gone, and what was not on disk; the kernel begins anew. */
  losePower(world: World): World;
  /** The kernel changes by itself. */
  become(world: World, state: KernelState): World;
  /** Somebody is called when nobody else acts. */
  enter(world: World, program: Program): World;
}

/** What an actor sees of the world, and what it changes of it: never more than one of kernel, journal and lock. */
interface Outcome {
  readonly actor: Actor;
  readonly kernel?: Kernel;
  readonly journal?: History;
}

interface Tables {
  readonly kernels: Kernels;
  readonly histories: Histories;
  readonly cast: Cast;
  readonly outcomes: (outcome: string) => number;
}

const [LOCKED, BUSY] = [1, 2];
const [OK, FAILED] = [1, 2];
const UNLOCKED = 1;

/** @param merged See `reductions.ts`: histories and those who are over are one where nobody tells them apart. */
export function createUniverse(
  start: KernelState,
  programs: readonly Program[],
  budget: Budget,
  merged: boolean,
): Universe {
  const kernels = createKernels();
  const histories = createHistories(merged);
  const cast = createCast(merged);
  const tables: Tables = { kernels, histories, cast, outcomes: createTexts() };
  const known = {
    'as-asked': createPairMemo<Outcome>(),
    refused: createPairMemo<Outcome>(),
    halfway: createPairMemo<Outcome>(),
  };
  const withActor = (world: World, index: number, actor: Actor): World => {
    const actors = world.actors.slice();
    actors[index] = actor;
    return { ...world, actors };
  };

  return {
    start: {
      kernel: kernels.of(start),
      journal: histories.empty,
      disk: histories.empty,
      lock: undefined,
      actors: programs.map((program, i) => cast.waiting(program, i)),
      budget,
    },
    act(world, index, ending = 'as-asked') {
      const actor = world.actors[index] as Actor;
      const effect = actor.pending as Effect;
      const { kernel, journal } = world;
      let outcome: Outcome;
      switch (effect.kind) {
        case 'lock':
          return world.lock === undefined
            ? { ...withActor(world, index, cast.tell(actor, { kind: 'locked' }, LOCKED)), lock: index }
            : withActor(world, index, cast.tell(actor, { kind: 'busy', holder: 'another' }, BUSY));
        case 'unlock':
          return { ...withActor(world, index, cast.tell(actor, undefined, UNLOCKED)), lock: undefined };
        case 'writer':
        case 'users':
          throw new Error(`${effect.kind} was answered by the cast`);
        case 'append':
        case 'read-journal':
          outcome = known[ending](actor.id, journal.id, () => onJournal(effect, actor, journal, ending, tables));
          break;
        default:
          outcome = known[ending](actor.id, kernel.id, () => onKernel(effect, actor, kernel, ending, tables));
      }
      const after = withActor(world, index, outcome.actor);
      if (outcome.kernel !== undefined) return { ...after, kernel: outcome.kernel };
      if (outcome.journal === undefined) return after;
      const isSynced = effect.kind === 'append' && effect.sync && ending === 'as-asked';
      return { ...after, journal: outcome.journal, disk: isSynced ? outcome.journal : world.disk };
    },
    kill(world, index, inFlight) {
      const actor = world.actors[index] as Actor;
      const { pending, writer } = actor;
      const { state } = world.kernel;
      const killed = {
        ...withActor(world, index, cast.killed(actor)),
        lock: world.lock === index ? undefined : world.lock,
      };
      if (!inFlight || pending?.kind !== 'do') return killed;
      const hung = [...state.hung, { writer: writer.pid, step: pending.step }];
      return { ...killed, kernel: kernels.of({ ...state, hung }) };
    },
    losePower: (world) => ({
      ...world,
      kernel: kernels.of({ ...start, boot: world.kernel.state.boot + 1 }),
      journal: world.disk,
      lock: undefined,
      // Who has not been called yet may be called later.
      actors: world.actors.map((a) => (a.status === 'running' ? cast.killed(a) : a)),
    }),
    become: (world, state) => ({ ...world, kernel: kernels.of(state) }),
    enter: (world, program) => ({
      ...world,
      lock: undefined,
      actors: [...world.actors, cast.waiting(program, world.actors.length)],
    }),
  };
}

type OnJournal = Extract<Effect, { kind: 'append' | 'read-journal' }>;

function onJournal(effect: OnJournal, actor: Actor, journal: History, ending: Ending, tables: Tables): Outcome {
  const { cast, histories } = tables;
  if (effect.kind === 'append') {
    const told =
      ending === 'as-asked'
        ? cast.tell(actor, { kind: 'ok' }, OK)
        : cast.tell(actor, { kind: 'failed', says: 'no space left on device' }, FAILED);
    return ending === 'refused' ? { actor: told } : { actor: told, journal: histories.after(journal, effect.record) };
  }
  const answer: Journal = { records: journal.records, torn: 0, unended: false, damagedLine: undefined };
  return { actor: cast.tell(actor, answer, journal.id) };
}

type OnKernel = Look | Extract<Effect, { kind: 'do' }>;

function onKernel(effect: OnKernel, actor: Actor, kernel: Kernel, ending: Ending, tables: Tables): Outcome {
  const { cast, kernels, outcomes } = tables;
  if (effect.kind !== 'do') {
    const { answer, number } = kernel.look(effect);
    return { actor: cast.tell(actor, answer, number) };
  }
  const { state } = kernel;
  const { writer } = actor;
  const told = (answer: WriteOutcome, after: KernelState): Outcome => ({
    actor: cast.tell(actor, answer, outcomes(JSON.stringify(answer))),
    kernel: kernels.of(after),
  });
  if (ending === 'refused') return told(errno('EIO', 'refused'), state);
  if (ending === 'halfway' || isHeld(state, effect.step)) {
    const hung = [...state.hung, { writer: writer.pid, step: effect.step }];
    return told({ kind: 'stuck', writer, deadlineMs: 1 }, { ...state, hung });
  }
  const { state: after, outcome } = performStep(state, effect.step);
  return told(outcome, after);
}
