/**
 * @module Visits every situation that can come about, each once, depth first: the situations on the way to where it is are
 * the story of how that came about.
 */
import { type KernelState, take } from '../testing/kernel-state.ts';
import type { Program } from './actor.ts';
import { createInvariants } from './invariants.ts';
import { createPairs } from './numbering.ts';
import { isNoticed, isRefusedTheLock, isWorthKilling } from './reductions.ts';
import { createVisited } from './visited.ts';
import { type Budget, createUniverse, standingClaims, type Universe, type World } from './world.ts';

export interface Exploration {
  readonly start: KernelState;
  readonly programs: readonly Program[];
  readonly budget: Budget;
}

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** Situations in which nobody acts. */
  readonly endings: number;
  /** How the first broken situation came about; undefined: nothing is broken. */
  readonly counterexample: Counterexample | undefined;
}

interface Counterexample {
  readonly says: string;
  readonly story: readonly string[];
}

interface Options {
  /** Visits also what something else stands for (`reductions.ts`). */
  readonly all?: boolean;
  /** Is shown every situation in which nobody acts. */
  readonly onEnding?: (world: World) => void;
}

interface Visit {
  readonly by: Transition['by'];
  readonly next: Iterator<Transition>;
}

export function explore(
  { start, programs, budget }: Exploration,
  { all = false, onEnding = () => undefined }: Options = {},
): Explored {
  const universe = createUniverse(start, programs, budget, !all);
  const invariants = createInvariants(universe, start);
  const visited = createVisited();
  const enter = numberedBy(visited.add);
  const path: Visit[] = [];
  let transitions = 0;
  let endings = 0;

  /** @returns what is broken */
  const visit = (by: Transition['by'], world: World): string | undefined => {
    if (!enter(world)) return undefined;
    path.push({ by, next: successors(universe, world, start, all) });
    const says = invariants.broken(world);
    if (says !== undefined || world.actors.some((a) => a.status === 'running')) return says;
    endings += 1;
    onEnding(world);
    return invariants.badEnding(world);
  };

  /** A last look at what is not visited. */
  const passBy = (by: Transition['by'], world: World): string | undefined => {
    const says = invariants.broken(world);
    if (says !== undefined) path.push({ by, next: [].values() });
    return says;
  };

  const found = (): string | undefined => {
    const broken = visit(() => 'start', universe.start);
    if (broken !== undefined) return broken;
    for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
      const { done, value } = here.next.next();
      if (done === true) {
        path.pop();
        continue;
      }
      transitions += 1;
      const says = value.isPassing ? passBy(value.by, value.after) : visit(value.by, value.after);
      if (says !== undefined) return says;
    }
    return undefined;
  };

  const says = found();
  const counterexample = says === undefined ? undefined : { says, story: path.map(({ by }) => by()) };
  return { states: visited.size, transitions, endings, counterexample };
}

/** A situation as three numbers, which are equal for equal situations only. */
function numberedBy(add: (a: number, b: number, c: number) => boolean): (world: World) => boolean {
  const journals = createPairs();
  const crowds = createPairs();
  return ({ kernel, journal, disk, lock = -1, actors, budget }) => {
    let crowd = budgetNumber(budget) * (actors.length + 1) + lock + 1;
    for (const { id } of actors) crowd = crowds(crowd, id);
    return add(kernel.id, journals(journal.id, disk.id), crowd);
  };
}

/** Nothing happens more than nine times. */
const budgetNumber = ({ kills, faults, unplugs, strangers, reboots }: Budget): number =>
  kills + 10 * (faults + 10 * (unplugs + 10 * (strangers + 10 * reboots)));

interface Transition {
  readonly by: () => string;
  readonly after: World;
  /** Something that is visited stands for it, but for what may be broken just there. */
  readonly isPassing: boolean;
}

function* successors(universe: Universe, world: World, start: KernelState, all: boolean): Generator<Transition> {
  yield* byActors(universe, world, all);
  yield* byItself(universe, world, start, all);
}

const to = (by: () => string, after: World): Transition => ({ by, after, isPassing: false });

const spent = (what: keyof Budget, after: World): World => ({
  ...after,
  budget: { ...after.budget, [what]: after.budget[what] - 1 },
});

function* byActors(universe: Universe, world: World, all: boolean): Generator<Transition> {
  const { budget, actors } = world;
  for (const [i, actor] of actors.entries()) {
    const { name, status, pending } = actor;
    if (pending === undefined || (!all && isRefusedTheLock(world, actor))) continue;
    const what = (): string => {
      if (pending.kind === 'do') return pending.step.why;
      return pending.kind === 'append' ? `writes ${pending.record.kind}` : pending.kind;
    };
    yield to(() => `${name}: ${what()}`, universe.act(world, i));
    if (budget.faults > 0 && (pending.kind === 'do' || pending.kind === 'append')) {
      yield to(() => `${name}: ${what()}, refused`, spent('faults', universe.act(world, i, 'refused')));
      // Of a record that nobody waits for on disk, nobody hears what became of it there.
      if (pending.kind === 'do' || pending.sync)
        yield to(() => `${name}: ${what()}, halfway`, spent('faults', universe.act(world, i, 'halfway')));
    }
    if (budget.kills === 0 || status !== 'running' || !(all || isWorthKilling(actor))) continue;
    yield to(() => `${name} is killed before: ${what()}`, spent('kills', universe.kill(world, i, false)));
    if (pending.kind === 'do')
      yield to(() => `${name} is killed during: ${what()}`, spent('kills', universe.kill(world, i, true)));
  }
}

/** What nobody who acts does. */
function* byItself(universe: Universe, world: World, start: KernelState, all: boolean): Generator<Transition> {
  const { budget, kernel } = world;
  const isPassing = !all && !isNoticed(world);
  for (const { says, after } of kernel.returns) yield { by: () => says, after: { ...world, kernel: after }, isPassing };
  if (budget.unplugs > 0) {
    for (const { says, after } of kernel.unplugs) {
      yield { by: () => says, after: spent('unplugs', { ...world, kernel: after }), isPassing };
    }
  }
  if (budget.strangers > 0) {
    for (const { address } of start.devices.filter((d) => d.driver === null)) {
      if (!mayBeTaken(world, address)) continue;
      const after = spent('strangers', universe.become(world, take(kernel.state, address)));
      yield { by: () => `${address} is taken`, after, isPassing };
    }
  }
  if (budget.reboots > 0) yield to(() => 'power is lost', spent('reboots', universe.losePower(world)));
}

/** Up to the last look before a claim is held. What comes later the kernel has to refuse. */
function mayBeTaken(world: World, address: string): boolean {
  const device = world.kernel.state.devices.find((d) => d.address === address);
  if (device?.present !== true || device.driver !== null || device.override !== null) return false;
  const commits = world.actors.some(({ pending }) => pending?.kind === 'append' && pending.record.kind === 'committed');
  return !commits && !standingClaims(world).some((c) => c.status === 'held' && c.company.includes(address));
}
