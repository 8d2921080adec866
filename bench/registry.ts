/**
 * @module The registry: gate and look-ups in devices a second, and what one hot-plug costs in a machine of 100 000 functions,
 * each beside the simplest thing that would do.
 */
import { spawnSync } from 'node:child_process';
import {
  createManager,
  createRegistry,
  type Device,
  type DeviceListener,
  type DeviceModel,
  type Driver,
  type IommuOps,
  POLICIES,
  partition,
  type Registry,
} from '@isogroups/core';
import {
  analyse,
  assembleMachine,
  createPciProvider,
  formatAddress,
  type LooseFunction,
  type Machine,
  type PciFacts,
  type PciFunction,
} from '@isogroups/pci';
import { type Shape, syntheticMachine } from './synthetic-machine.ts';

const SEGMENT = 256;

/** A machine of whole segments of 256 functions: 28 root ports with a slot of eight functions each, one IOMMU a segment. */
function machineOf(shape: Shape, count: number): Machine & { readonly loose: readonly LooseFunction[] } {
  const machine = syntheticMachine(shape, SEGMENT);
  const segments = Math.ceil(count / machine.functions.length);
  const loose: LooseFunction[] = [];
  for (let segment = 0; segment < segments; segment++) {
    const at = (i: number): string | null =>
      i < 0 ? null : formatAddress({ ...(machine.functions[i] as PciFunction), segment });
    for (const { parent, physicalFunction, dmaDevice, ...f } of machine.functions) {
      loose.push({
        ...f,
        segment,
        parentAddress: at(parent),
        physicalFunctionAddress: at(physicalFunction),
        dmaDeviceAddress: at(dmaDevice),
      });
    }
  }
  const { dmar } = machine.firmware;
  const drhds =
    dmar !== null && 'drhds' in dmar
      ? Array.from({ length: segments }, (_, segment) => ({
          ...(dmar.drhds[0] as (typeof dmar.drhds)[number]),
          segment,
          registerBase: BigInt(0xfed90000 + segment * 0x1000),
        }))
      : [];
  const firmware = { ...machine.firmware, dmar: dmar === null ? null : ({ ...dmar, drhds } as typeof dmar) };
  const parts = { source: machine.source, rootBuses: undefined, others: [], kernel: machine.kernel, diagnostics: [] };
  return { ...assembleMachine({ ...parts, functions: loose, firmware }), loose };
}

interface Live extends DeviceModel, PciFacts {
  readonly present: readonly Device[];
  plug(device: Device): void;
  unplug(device: Device): void;
}

/** The machine as devices that come and go; all that is measured happens in the registry. */
function liveMachine(machine: ReturnType<typeof machineOf>): Live {
  const facts = new Map<Device, LooseFunction>();
  const byName = new Map<string, Device>();
  for (const f of machine.loose) {
    const name = formatAddress(f);
    const parent = f.parentAddress === null ? undefined : byName.get(f.parentAddress);
    const device: Device = { name, bus: 'pci', parent, driver: undefined };
    byName.set(name, device);
    facts.set(device, f);
  }
  let listener: DeviceListener | undefined;
  const present = [...facts.keys()];
  return {
    present,
    devices: () => present,
    subscribe(hear) {
      listener = hear;
      return () => undefined;
    },
    factsOf: (device) => facts.get(device),
    firmware: machine.firmware,
    kernel: machine.kernel,
    plug: (device) => listener?.added(device),
    unplug(device) {
      listener?.removing(device);
      listener?.removed(device);
    },
  };
}

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

const OPS: IommuOps = {
  name: 'bench',
  pageSizes: [4096],
  reserved: [],
  attach: () => undefined,
  detach: () => undefined,
};
const DRIVER: Driver = { name: 'vfio-pci' };

function lookUps(quick: boolean): void {
  console.log('machine            devices  largest group      gate     group    domain  : the gate of 2012');
  for (const [shape, what] of [
    ['wide', '2 busses deep'],
    ['deep', '254 busses deep'],
    ['one-bus', 'one group of 256'],
  ] as const) {
    const machine = liveMachine(machineOf(shape, SEGMENT));
    const registry = createRegistry(machine, { policy: POLICIES.strict, iommuOpsOf: () => OPS });
    registry.registerProvider('pci', createPciProvider(machine));
    const manager = createManager({ name: 'bench' });
    manager.allowDriver(DRIVER);
    registry.claim(manager, [...machine.present], POLICIES.lab);
    for (const group of registry.groups) group.createDomain();
    const largest = Math.max(...registry.groups.map((group) => group.devices.length));
    const devices = machine.present;
    const rounds = Math.ceil((quick ? 2e6 : 2e7) / devices.length);
    const rate = (act: (device: Device) => boolean): number => {
      let best = 0;
      for (let run = 0; run < 5; run++) best = Math.max(best, devicesASecond(devices, rounds, act));
      return best;
    };
    const gate = rate((device) => registry.mayBind(device, DRIVER));
    const group = rate((device) => registry.groupOf(device) !== undefined);
    const domain = rate((device) => registry.domainOf(device) !== undefined);
    const naive = rateOf2012(registry, devices);
    const columns = [gate, group, domain].map((r) => `${(r / 1e6).toFixed(0)} M/s`.padStart(9));
    const head = `${what.padEnd(18)} ${String(devices.length).padStart(7)} ${String(largest).padStart(14)}`;
    console.log(`${head} ${columns.join(' ')}  ${(gate / naive).toFixed(0).padStart(6)} times`);
  }
}

function devicesASecond(devices: readonly Device[], rounds: number, act: (device: Device) => boolean): number {
  const start = clock();
  let yes = 0;
  for (let round = 0; round < rounds; round++) for (const device of devices) if (act(device)) yes++;
  const took = clock() - start;
  if (yes !== rounds * devices.length) throw new Error('a device was refused');
  return yes / took;
}

/** Lists: the group that has the device, and the driver among those of its manager. */
function rateOf2012(registry: Registry, devices: readonly Device[]): number {
  const groups = registry.groups.map((group) => ({
    devices: [...group.devices],
    drivers: [...(group.manager?.drivers ?? [])],
  }));
  return devicesASecond(devices, 20, (device) => {
    const group = groups.find((g) => g.devices.includes(device));
    return group === undefined || group.drivers.includes(DRIVER);
  });
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

  const leaves = machine.present.filter((device) => device.parent !== undefined);
  const chosen = Array.from({ length: times }, (_, k) => leaves[(k * 7919) % leaves.length] as Device);
  for (const device of chosen.slice(0, 500)) plugAgain(machine, device);
  const took: Record<'plug' | 'unplug', Cost[]> = { plug: [], unplug: [] };
  for (const device of chosen) {
    for (let run = 0; run < 3; run++) {
      const { plug, unplug } = plugAgain(machine, device);
      took.plug.push(plug);
      took.unplug.push(unplug);
    }
  }
  const whole = Math.min(...[1, 2, 3].map(() => fromScratch(facts)));
  console.log('a function of a segment of 252   median      99 %   99 % (processor)   : everything from scratch');
  for (const what of ['plug', 'unplug'] as const) {
    const waited = took[what].map(({ wall }) => wall);
    const worked = took[what].map(({ processor }) => processor);
    const columns = [part(waited, 0.5), part(waited, 0.99), part(worked, 0.99)];
    const cells = columns.map((ms) => `${ms.toFixed(2)} ms`);
    const ratio = `${(whole / part(waited, 0.5)).toFixed(0)} times`;
    console.log([what.padEnd(29), ...cells.map((cell) => cell.padStart(9)), ratio.padStart(24)].join(' '));
  }
}

function part(times: readonly number[], at: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(at * (times.length - 1))] as number;
}

/** Milliseconds, collections of garbage included. The processor's do not count when another program had it. */
interface Cost {
  readonly wall: number;
  readonly processor: number;
}

function costOf(act: () => void): Cost {
  const processor = process.cpuUsage();
  const wall = performance.now();
  act();
  const took = performance.now() - wall;
  const { user, system } = process.cpuUsage(processor);
  return { wall: took, processor: (user + system) / 1000 };
}

function plugAgain(machine: Live, device: Device): { readonly plug: Cost; readonly unplug: Cost } {
  return { unplug: costOf(() => machine.unplug(device)), plug: costOf(() => machine.plug(device)) };
}

function fromScratch(machine: Machine): number {
  const start = clock();
  partition(analyse(machine).graph, POLICIES.default);
  return (clock() - start) * 1000;
}
