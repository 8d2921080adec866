/**
 * @module Gate and look-ups in devices a second, beside a `Map` of sets, which is the simplest thing that a reader would write,
 * and beside the patch of 2012, which had a pointer in each device and a list of drivers in each manager.
 */
import {
  createManager,
  createRegistry,
  type Device,
  type Domain,
  type Driver,
  type Group,
  type IommuOps,
  POLICIES,
  type Registry,
} from '@isogroups/core';
import { createPciProvider } from '@isogroups/pci';
import { liveMachine, machineOf, SEGMENT } from './live-machine.ts';
import type { Shape } from './synthetic-machine.ts';

const VFIO: Driver = { name: 'vfio-pci' };
const VARIANT: Driver = { name: 'mlx5-vfio-pci' };
const OPS: IommuOps = {
  name: 'bench',
  pageSizes: [4096],
  reserved: [],
  attach: () => undefined,
  detach: () => undefined,
};

const MACHINES: readonly (readonly [Shape, string, number])[] = [
  ['wide', '2 busses deep', SEGMENT],
  ['deep', '254 busses deep', SEGMENT],
  ['one-bus', 'one group of 256', SEGMENT],
  ['wide', '391 segments', 391 * SEGMENT],
];

/** Yes: the driver may bind to the device, or the device has a group or a domain. */
type Question<T> = (device: T, driver: Driver) => boolean;

/** Answers the same questions about the same devices in its own way. */
interface Contender<T> {
  readonly name: string;
  readonly devices: readonly T[];
  readonly gate: Question<T>;
  readonly group: Question<T>;
  readonly domain: Question<T>;
}

const COLUMNS = [
  { title: 'gate', ask: 'gate', drivers: [VFIO, VFIO] },
  { title: '2 drivers', ask: 'gate', drivers: [VFIO, VARIANT] },
  { title: 'group', ask: 'group', drivers: [VFIO, VFIO] },
  { title: 'domain', ask: 'domain', drivers: [VFIO, VFIO] },
] as const;

export function lookUps(quick: boolean): void {
  const titles = COLUMNS.map(({ title }) => title.padStart(9)).join(' ');
  console.log(`million devices a second, processor   ${titles}`);
  for (const [shape, what, count] of MACHINES) {
    const registry = claimedMachine(shape, count);
    const calls = quick ? 1e6 : 1e7;
    const rows = [
      rowOf(isogroups(registry), calls),
      rowOf(simplest(registry), calls),
      rowOf(patchOf2012(registry), calls),
    ];
    const largest = Math.max(...registry.groups.map((group) => group.devices.length));
    console.log(`${what}: ${count} devices, largest group ${largest}`);
    for (const [row, rates] of ratesOf(rows).entries()) {
      const cells = rates.map((rate) => (rate / 1e6).toFixed(0).padStart(9));
      console.log(`  ${(rows[row] as Row).name.padEnd(35)} ${cells.join(' ')}`);
    }
  }
}

/** All devices are claimed by one manager with two drivers; each group has a domain of its own. */
function claimedMachine(shape: Shape, count: number): Registry {
  const machine = liveMachine(machineOf(shape, count));
  const registry = createRegistry(machine, { policy: POLICIES.strict, iommuOpsOf: () => OPS });
  registry.registerProvider('pci', createPciProvider(machine));
  const manager = createManager({ name: 'bench' });
  for (const driver of [VFIO, VARIANT]) manager.allowDriver(driver);
  registry.claim(manager, [...machine.present], POLICIES.lab);
  for (const group of registry.groups) group.createDomain();
  return registry;
}

/** In the order in which they came. */
function devicesOf(registry: Registry): readonly Device[] {
  return registry.groups.flatMap((group) => group.devices);
}

function isogroups(registry: Registry): Contender<Device> {
  return {
    name: 'isogroups',
    devices: devicesOf(registry),
    gate: (device, driver) => registry.mayBind(device, driver),
    group: (device) => registry.groupOf(device) !== undefined,
    domain: (device) => registry.domainOf(device) !== undefined,
  };
}

/** Right as long as nothing changes. */
function simplest(registry: Registry): Contender<Device> {
  const devices = devicesOf(registry);
  const drivers = new Set([VFIO, VARIANT]);
  const gates = new Map<Device, Set<Driver>>(devices.map((device) => [device, drivers]));
  const groups = new Map<Device, Group | undefined>(devices.map((device) => [device, registry.groupOf(device)]));
  const domains = new Map<Device, Domain | undefined>(devices.map((device) => [device, registry.domainOf(device)]));
  return {
    name: 'Map of devices, Set of drivers',
    devices,
    gate: (device, driver) => gates.get(device)?.has(driver) ?? true,
    group: (device) => groups.get(device) !== undefined,
    domain: (device) => domains.get(device) !== undefined,
  };
}

/** `struct device`, `struct isolation_group`, and the list of `struct isolation_manager_driver`. */
interface DeviceOf2012 {
  readonly isolationGroup: { readonly drivers: DriverOf2012 | undefined; readonly domain: Domain | undefined };
}
interface DriverOf2012 {
  readonly driver: Driver;
  readonly next: DriverOf2012 | undefined;
}

/** What `driver_match_device` asked, without its lock. Others do not have that field: devices belong to who made them. */
function patchOf2012(registry: Registry): Contender<DeviceOf2012> {
  const drivers: DriverOf2012 = { driver: VFIO, next: { driver: VARIANT, next: undefined } };
  const devices = registry.groups.flatMap(({ devices, domain }) => {
    const isolationGroup = { drivers, domain };
    return devices.map((): DeviceOf2012 => ({ isolationGroup }));
  });
  return {
    name: '2012: pointer, list of drivers',
    devices,
    gate: ({ isolationGroup }, driver) => {
      for (let at = isolationGroup.drivers; at !== undefined; at = at.next) if (at.driver === driver) return true;
      return false;
    },
    group: ({ isolationGroup }) => isolationGroup !== undefined,
    domain: ({ isolationGroup }) => isolationGroup.domain !== undefined,
  };
}

interface Row {
  readonly name: string;
  /** By column: asks millions of times, and says how many devices a second that was. */
  readonly runs: readonly (() => number)[];
}

function rowOf<T>(contender: Contender<T>, calls: number): Row {
  const { name, devices } = contender;
  const rounds = Math.ceil(calls / devices.length);
  const runs = COLUMNS.map(({ ask, drivers }) => {
    const loop = newLoop<T>();
    return () => devicesASecond(loop, devices, rounds, contender[ask], drivers);
  });
  return { name, runs };
}

/** Best of five, by row and column. The rows take turns. */
function ratesOf(rows: readonly Row[]): readonly (readonly number[])[] {
  let best = rows.map(({ runs }) => runs.map(() => 0));
  for (let turn = 0; turn < 5; turn++) {
    best = rows.map(({ runs }, row) => runs.map((run, column) => Math.max(best[row]?.[column] as number, run())));
  }
  return best;
}

/** How many times the answer was yes. */
type Loop<T> = (devices: readonly T[], rounds: number, ask: Question<T>, drivers: readonly [Driver, Driver]) => number;

let loops = 0;

/**
 * Of a text of its own, since V8 shares what it learnt among functions of the same text: it would put the first question
 * into the loop and ask all others through a call.
 */
function newLoop<T>(): Loop<T> {
  return new Function(
    'devices, rounds, ask, [driver, next]',
    `// ${loops++}
    let yes = 0;
    for (let round = 0; round < rounds; round++) {
      for (let k = 0; k < devices.length; k++) {
        if (ask(devices[k], driver)) yes++;
        const asked = driver;
        driver = next;
        next = asked;
      }
    }
    return yes;`,
  ) as Loop<T>;
}

function devicesASecond<T>(loop: Loop<T>, ...asked: Parameters<Loop<T>>): number {
  const [devices, rounds] = asked;
  const start = process.cpuUsage();
  const yes = loop(...asked);
  const { user, system } = process.cpuUsage(start);
  if (yes !== rounds * devices.length) throw new Error('a device was refused');
  return (yes * 1e6) / (user + system);
}
