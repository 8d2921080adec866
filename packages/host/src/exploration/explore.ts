/**
 * @module Visits every situation that can come about, each once.
 */
import { type KernelState, settle, take, unplug } from '../testing/kernel-state.ts';
import { type Program, startActor } from './actor.ts';
import { badEnding, broken } from './invariants.ts';
import { act, type Budget, claimsNow, keyOf, killActor, losePower, type World } from './world.ts';

export interface Exploration {
  readonly start: KernelState;
  readonly programs: readonly Program[];
  readonly budget: Budget;
}

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** Situations in which nobody acts any more. */
  readonly endings: number;
  /** How the first broken situation came about; undefined: nothing is broken. */
  readonly counterexample: Counterexample | undefined;
}

interface Counterexample {
  readonly says: string;
  readonly story: readonly string[];
}

interface Node {
  readonly world: World;
  readonly by: string;
  readonly from: Node | undefined;
}

export function explore({ start, programs, budget }: Exploration): Explored {
  const first: World = {
    kernel: start,
    records: [],
    synced: 0,
    journalKey: '',
    lock: undefined,
    actors: programs.map(startActor),
    budget,
  };
  const seen = new Set([keyOf(first)]);
  const waiting: Node[] = [{ world: first, by: 'start', from: undefined }];
  let transitions = 0;
  let endings = 0;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const { world } = node;
    const next = successors(world, start);
    const isEnding = world.actors.every((a) => a.status !== 'running');
    if (isEnding) endings += 1;
    const says = broken(world, start) ?? (isEnding ? endingOf(world, start) : undefined);
    if (says !== undefined)
      return { states: seen.size, transitions, endings, counterexample: { says, story: storyOf(node) } };
    for (const [by, after] of next) {
      transitions += 1;
      const key = keyOf(after);
      if (seen.has(key)) continue;
      seen.add(key);
      waiting.push({ world: after, by, from: node });
    }
  }
  return { states: seen.size, transitions, endings, counterexample: undefined };
}

/** What hangs may have had its effect or not when it returns. */
function endingOf(world: World, start: KernelState): string | undefined {
  for (const takesEffect of [true, false]) {
    const returned = (kernel: KernelState): KernelState =>
      kernel.hung.reduce((k, h) => settle(k, h, takesEffect), kernel);
    const says = badEnding(world, start, returned);
    if (says !== undefined) return says;
    if (world.kernel.hung.length === 0) return undefined;
  }
  return undefined;
}

type Transition = readonly [by: string, after: World];

function successors(world: World, start: KernelState): readonly Transition[] {
  const { budget, kernel } = world;
  const spend = (what: keyof Budget, after: World): World => ({
    ...after,
    budget: { ...after.budget, [what]: budget[what] - 1 },
  });
  const found: Transition[] = [];
  let anybody = false;
  world.actors.forEach(({ program, status, pending, trace }, i) => {
    if (status !== 'running' || pending === undefined) return;
    anybody = true;
    const what =
      pending.kind === 'do'
        ? pending.step.why
        : pending.kind === 'append'
          ? `writes ${pending.record.kind}`
          : pending.kind;
    const by = `${program.name}: ${what}`;
    found.push([by, act(world, i)]);
    if (pending.kind === 'do' && budget.faults > 0) {
      found.push([`${by}, refused`, spend('faults', act(world, i, 'refused'))]);
      found.push([`${by}, hangs`, spend('faults', act(world, i, 'hanging'))]);
    }
    if (budget.kills > 0 && trace.length > 0) {
      found.push([`${program.name} is killed before: ${what}`, spend('kills', killActor(world, i, false))]);
      if (pending.kind === 'do')
        found.push([`${program.name} is killed during: ${what}`, spend('kills', killActor(world, i, true))]);
    }
  });
  if (!anybody) return found;
  for (const hung of kernel.hung) {
    for (const takesEffect of [true, false]) {
      found.push([`returns: ${hung.step.why}`, { ...world, kernel: settle(kernel, hung, takesEffect) }]);
    }
  }
  if (budget.unplugs > 0) {
    for (const { address, present } of kernel.devices) {
      if (present)
        found.push([`${address} is pulled out`, spend('unplugs', { ...world, kernel: unplug(kernel, address) })]);
    }
  }
  if (budget.strangers > 0) {
    for (const { address } of start.devices.filter((d) => d.driver === null)) {
      if (mayBeTaken(world, address)) {
        found.push([`${address} is taken`, spend('strangers', { ...world, kernel: take(kernel, address) })]);
      }
    }
  }
  if (budget.reboots > 0) found.push(['power is lost', spend('reboots', losePower(world, start))]);
  return found;
}

/** Up to the last look before a claim is held. What comes later the kernel has to refuse. */
function mayBeTaken(world: World, address: string): boolean {
  const device = world.kernel.devices.find((d) => d.address === address);
  if (device?.present !== true || device.driver !== null || device.override !== null) return false;
  const commits = world.actors.some(({ pending }) => pending?.kind === 'append' && pending.record.kind === 'committed');
  return !commits && !claimsNow(world).some((c) => c.status === 'held' && c.company.includes(address));
}

function storyOf(node: Node): readonly string[] {
  const story: string[] = [];
  for (let at: Node | undefined = node; at !== undefined; at = at.from) story.unshift(at.by);
  return story;
}
