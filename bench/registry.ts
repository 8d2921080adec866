/**
 * @module The registry: gate and look-ups in devices a second, and what one hot-plug costs in a machine of 100 000 functions,
 * each beside the simplest thing that would do.
 */
import { spawnSync } from 'node:child_process';
import { createRegistry, type Device, POLICIES, partition } from '@isogroups/core';
import { analyse, createPciProvider, type Machine } from '@isogroups/pci';
import { type Live, liveMachine, machineOf } from './live-machine.ts';
import { lookUps } from './look-ups.ts';

/** Of each segment of the machine. */
const SLOTS = 28;

/** Seconds since some moment. */
const clock = (): number => performance.now() / 1000;

export function registry(quick: boolean): void {
  lookUps(quick);
  console.log();
  hotPlug(quick);
}

/** Hot-plug once more as in a program that was started without flags: a small young generation is collected often. */
export function hotPlugWithoutFlags(quick: boolean): void {
  if (process.execArgv.length > 0) {
    const args = [process.argv[1] as string, 'hot-plug', ...(quick ? ['--quick'] : [])];
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
    if (status !== 0) throw new Error('the benchmark without flags failed');
    return;
  }
  console.log('node without flags');
  hotPlug(quick);
}

function hotPlug(quick: boolean): void {
  const count = quick ? 10_000 : 100_000;
  const times = quick ? 200 : 2_000;
  const facts = machineOf('wide', count);
  const machine = liveMachine(facts);
  const registry = createRegistry(machine);
  const start = clock();
  registry.registerProvider('pci', createPciProvider(machine));
  console.log(
    `${facts.functions.length} functions in ${registry.groups.length} groups, played back in ${(clock() - start).toFixed(2)} s`,
  );

  const slots = slotsOf(machine.present);
  const alone = slots.filter((_, k) => k % SLOTS === 1);
  for (const [, ...others] of alone) for (const device of others) machine.unplug(device);
  const beside = slots.filter((_, k) => k % SLOTS !== 1).flat();
  const cases = [
    ['beside seven others', hotPlugs(machine, beside, times)],
    [
      'alone in its slot',
      hotPlugs(
        machine,
        alone.map(([device]) => device as Device),
        times,
      ),
    ],
  ] as const;
  const whole = Math.min(...[1, 2, 3].map(() => fromScratch(facts)));
  console.log('a function of a segment of 245   median      99 %   : everything from scratch');
  for (const [where, took] of cases) {
    for (const what of ['plug', 'unplug'] as const) {
      const columns = [part(took[what], 0.5), part(took[what], 0.99)];
      const cells = columns.map((ms) => `${ms.toFixed(2)} ms`);
      const ratio = `${(whole / part(took[what], 0.5)).toFixed(0)} times`;
      console.log(
        [`${what}, ${where}`.padEnd(29), ...cells.map((cell) => cell.padStart(9)), ratio.padStart(24)].join(' '),
      );
    }
  }
}

/** What is below each port. */
function slotsOf(devices: readonly Device[]): readonly (readonly Device[])[] {
  const slots = new Map<Device, Device[]>();
  for (const device of devices) {
    if (device.parent === undefined) continue;
    const slot = slots.get(device.parent);
    if (slot === undefined) slots.set(device.parent, [device]);
    else slot.push(device);
  }
  return [...slots.values()];
}

/** Milliseconds, collections of garbage included. */
type Costs = Readonly<Record<'plug' | 'unplug', readonly number[]>>;

function hotPlugs(machine: Live, devices: readonly Device[], times: number): Costs {
  const chosen = Array.from({ length: times }, (_, k) => devices[(k * 7919) % devices.length] as Device);
  for (const device of chosen.slice(0, 500)) plugAgain(machine, device);
  // What making the machine has left behind is not the business of a hot-plug, where the collector can be called.
  globalThis.gc?.();
  const took: Record<'plug' | 'unplug', number[]> = { plug: [], unplug: [] };
  for (const device of chosen) {
    for (let run = 0; run < 3; run++) {
      const { plug, unplug } = plugAgain(machine, device);
      took.plug.push(plug);
      took.unplug.push(unplug);
    }
  }
  return took;
}

function part(times: readonly number[], at: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(at * (times.length - 1))] as number;
}

function plugAgain(machine: Live, device: Device): { readonly plug: number; readonly unplug: number } {
  const before = performance.now();
  machine.unplug(device);
  const between = performance.now();
  machine.plug(device);
  return { unplug: between - before, plug: performance.now() - between };
}

function fromScratch(machine: Machine): number {
  const start = clock();
  partition(analyse(machine).graph, POLICIES.default);
  return (clock() - start) * 1000;
}
