/**
 * @module The whole of an explored situation as data: kernel, journal, lock, and all who act.
 */
import { type ClaimState, claimsOf } from '../claims/claim-state.ts';
import type { Journal } from '../journal/parse-journal.ts';
import type { DatedRecord, JournalRecord } from '../journal/record.ts';
import { objectionsTo } from '../plan/objections.ts';
import type { Plan } from '../plan/plan.ts';
import type { Refusal } from '../plan/refusal.ts';
import { errno, isHeld, type KernelState, performStep } from '../testing/kernel-state.ts';
import { kernelTree } from '../testing/kernel-tree.ts';
import type { AnswerTo, Effect } from '../transaction/effect.ts';
import {
  type Binding,
  type GroupMemberNow,
  groupMembers,
  type Observation,
  observe,
} from '../transaction/observation.ts';
import { type Actor, kill, tell } from './actor.ts';
import { digest } from './digest.ts';

export interface World {
  readonly kernel: KernelState;
  readonly records: readonly DatedRecord[];
  /** How many of the records are on disk for certain. */
  readonly synced: number;
  readonly journalKey: string;
  /** Index of the actor that has the lock. */
  readonly lock: number | undefined;
  readonly actors: readonly Actor[];
  /** What may still go wrong. */
  readonly budget: Budget;
}

export interface Budget {
  /** SIGKILL of a command. */
  readonly kills: number;
  /** A write that is refused, or does not return. */
  readonly faults: number;
  readonly unplugs: number;
  /** A driver of the host takes a member that stays. */
  readonly strangers: number;
  /** A loss of power. */
  readonly reboots: number;
}

export function keyOf(world: World): string {
  const { kernel, journalKey, synced, lock, actors, budget } = world;
  return digest(
    kernelKey(kernel),
    journalKey,
    `${synced} ${lock}`,
    JSON.stringify(budget),
    ...actors.map((a) => a.key),
  );
}

const kernelKeys = new WeakMap<KernelState, string>();

function kernelKey(kernel: KernelState): string {
  const before = kernelKeys.get(kernel);
  if (before !== undefined) return before;
  const key = JSON.stringify(kernel);
  kernelKeys.set(kernel, key);
  return key;
}

const foldedClaims = new WeakMap<readonly DatedRecord[], readonly ClaimState[]>();

/** Claims as all records tell them. */
export function claimsNow({ records }: World): readonly ClaimState[] {
  let claims = foldedClaims.get(records);
  if (claims === undefined) {
    claims = claimsOf(records);
    foldedClaims.set(records, claims);
  }
  return claims;
}

/** Claims as the worst would leave them. */
export function claimsOnDisk(world: World): readonly ClaimState[] {
  return world.synced === world.records.length ? claimsNow(world) : claimsOf(world.records.slice(0, world.synced));
}

/** What files show of a kernel, read with the code that reads real ones; there are few kernels and many situations. */
interface View {
  readonly seen: Observation;
  readonly company: readonly GroupMemberNow[];
  /** What is seen of some of the devices, and its key. */
  readonly parts: Map<string, readonly [seen: Observation, key: string]>;
  /** What stands against plans, where somebody asked. */
  readonly objections: Map<Plan, readonly Refusal[]>;
}

const views = new Map<string, View>();

function viewOf(kernel: KernelState): View {
  const key = kernelKey(kernel);
  let view = views.get(key);
  if (view === undefined) {
    const tree = kernelTree(kernel);
    const groups = new Set(kernel.devices.map((d) => d.group));
    const all = kernel.devices.map((d) => d.address);
    view = {
      seen: observe(tree, all),
      company: [...groups].flatMap((g) => groupMembers(tree, g)),
      parts: new Map(),
      objections: new Map(),
    };
    views.set(key, view);
  }
  return view;
}

function partOf({ seen, parts }: View, wanted: readonly string[]): readonly [seen: Observation, key: string] {
  const name = wanted.join();
  let part = parts.get(name);
  if (part === undefined) {
    const devices = [...seen.devices].filter(([device]) => wanted.includes(device));
    part = [{ boot: seen.boot, devices: new Map(devices) }, digest(seen.boot, JSON.stringify(devices))];
    parts.set(name, part);
  }
  return part;
}

/** How an operation on the kernel's files ends. */
export type Ending = 'as-asked' | 'refused' | 'hanging';

/** The situation after an actor got what it asked for. */
export function act(world: World, index: number, ending: Ending = 'as-asked'): World {
  const actor = world.actors[index] as Actor;
  const effect = actor.pending as Effect;
  const { after, answer, key = JSON.stringify(answer) ?? '' } = answerOf(world, index, effect, ending);
  const stuck = effect.kind === 'do' && (answer as AnswerTo<typeof effect>).kind === 'stuck';
  const told = tell(stuck ? { ...actor, writer: actor.writer + 1 } : actor, answer, key);
  const next = { ...after, actors: after.actors.map((a, i) => (i === index ? told : a)) };
  // What depends on nobody else is answered at once: when it happens makes no difference to anybody.
  return told.pending?.kind === 'writer' || told.pending?.kind === 'users' ? act(next, index) : next;
}

type Answered = { readonly after: World; readonly answer: unknown; readonly key?: string };

function answerOf(world: World, index: number, effect: Effect, ending: Ending): Answered {
  const { kernel } = world;
  const writer = (world.actors[index] as Actor).writer;
  const identity = { pid: writer, started: `${writer}` };
  switch (effect.kind) {
    case 'lock':
      return world.lock === undefined
        ? { after: { ...world, lock: index }, answer: { kind: 'locked' } }
        : { after: world, answer: { kind: 'busy', holder: 'another' } };
    case 'unlock':
      return { after: { ...world, lock: undefined }, answer: undefined };
    case 'read-journal':
      return {
        after: world,
        answer: { records: world.records, torn: 0, unended: false, damagedLine: undefined } satisfies Journal,
        key: world.journalKey,
      };
    case 'append':
      return { after: append(world, effect.record, effect.sync), answer: { kind: 'ok' } };
    case 'observe': {
      const [answer, key] = partOf(viewOf(kernel), effect.devices);
      return { after: world, answer, key };
    }
    case 'binding': {
      const now = viewOf(kernel).seen.devices.get(effect.device);
      if (now === undefined) return { after: world, answer: undefined };
      const { identity: _, group: __, ...binding } = now;
      return { after: world, answer: binding satisfies Binding };
    }
    case 'company': {
      const { company } = viewOf(kernel);
      const isIn = (name: string): boolean =>
        kernel.devices.some((d) => d.address === name && effect.groups.includes(d.group));
      return { after: world, answer: company.filter((m) => isIn(m.name)) };
    }
    case 'objections': {
      const { objections } = viewOf(kernel);
      const found = objections.get(effect.plan) ?? objectionsTo(effect.plan, kernelTree(kernel));
      objections.set(effect.plan, found);
      return { after: world, answer: found };
    }
    case 'users':
      return { after: world, answer: [] };
    case 'writer':
      return { after: world, answer: identity };
    case 'linger':
      return { after: world, answer: kernel.hung.some((h) => h.writer === effect.writer.pid) };
    case 'do': {
      if (ending === 'refused') return { after: world, answer: errno('EIO', 'refused') };
      if (ending === 'hanging' || isHeld(kernel, effect.step)) {
        const hung = { ...kernel, hung: [...kernel.hung, { writer, step: effect.step }] };
        return { after: { ...world, kernel: hung }, answer: { kind: 'stuck', writer: identity, deadlineMs: 1 } };
      }
      const { state, outcome } = performStep(kernel, effect.step);
      return { after: { ...world, kernel: state }, answer: outcome };
    }
  }
}

const AT = '2026-01-01T00:00:00.000Z';

function append(world: World, record: JournalRecord, sync: boolean): World {
  const records = [...world.records, { ...record, at: AT }];
  const journalKey = digest(world.journalKey, JSON.stringify(record));
  return { ...world, records, journalKey, synced: sync ? records.length : world.synced };
}

/** SIGKILL. A write that is in the kernel at that moment stays there with its process, where `inFlight` says so. */
export function killActor(world: World, index: number, inFlight: boolean): World {
  const actor = world.actors[index] as Actor;
  const { pending, writer } = actor;
  const hung = inFlight && pending?.kind === 'do' ? [{ writer, step: pending.step }] : [];
  return {
    ...world,
    kernel: hung.length === 0 ? world.kernel : { ...world.kernel, hung: [...world.kernel.hung, ...hung] },
    lock: world.lock === index ? undefined : world.lock,
    actors: world.actors.map((a, i) => (i === index ? kill(a) : a)),
  };
}

/** Everything that runs is gone, and what was not on disk; the kernel begins anew. */
export function losePower(world: World, fresh: KernelState): World {
  const records = world.records.slice(0, world.synced);
  return {
    ...world,
    kernel: { ...fresh, boot: world.kernel.boot + 1 },
    records,
    journalKey: digest(JSON.stringify(records)),
    lock: undefined,
    // Who has asked nothing yet has not been called yet.
    actors: world.actors.map((a) => (a.status === 'running' && a.trace.length > 0 ? kill(a) : a)),
  };
}
