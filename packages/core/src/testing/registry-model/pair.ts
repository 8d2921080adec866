/**
 * @module A real registry and a naive one over one machine, and what both are given.
 */
import type { Device, Driver } from '../../device.ts';
import type { Domain } from '../../domain/domain.ts';
import type { InterferenceKind } from '../../kinds.ts';
import { POLICIES, type Policy } from '../../policy.ts';
import type { Claim } from '../../registry/claim.ts';
import { createRegistry } from '../../registry/create-registry.ts';
import type { RegistryEvent } from '../../registry/events.ts';
import type { Group } from '../../registry/group.ts';
import { createManager, type Manager } from '../../registry/manager.ts';
import type { IsolationProvider } from '../../registry/provider.ts';
import type { Registry } from '../../registry/registry.ts';
import { type FakeIommu, fakeIommu } from '../fake-iommu.ts';
import { type Fact, type FakeMachine, fakeMachine, tableProvider } from '../fake-machine.ts';
import type { Naive, NaiveClaim, NaiveDevice, NaiveProvider } from './naive-registry.ts';

/** Roots on bus `pci`, one of them a bridge, and what may sit on them. */
export const NAMES: readonly string[] = ['bridge', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'x@foo', 'y@foo', 'h', 'z@foo'];

export const POLICY_CHOICES: readonly Policy[] = [
  POLICIES.default,
  POLICIES.strict,
  POLICIES.lab,
  {
    name: 'for a few days',
    acceptances: [
      { kind: 'peer-to-peer', until: '2026-01-05' },
      { kind: 'interrupts', until: '2026-01-09' },
    ],
  },
];

export interface Provider {
  readonly real: IsolationProvider;
  readonly naive: NaiveProvider;
  /** Facts that may be there or not: `change` switches one. */
  readonly facts: Fact[];
}

export interface Pair {
  readonly machine: FakeMachine;
  readonly registry: Registry;
  readonly naive: Naive;
  readonly iommu: FakeIommu;
  /** Which domain the IOMMU has for each device. */
  readonly attached: Map<Device, Domain>;
  readonly providers: readonly Provider[];
  readonly managers: readonly Manager[];
  readonly drivers: readonly Driver[];
  /** Which drivers each manager was told to allow. */
  readonly allowed: ReadonlyMap<Manager, Set<Driver>>;
  readonly devices: Map<NaiveDevice, Device>;
  readonly claims: Map<NaiveClaim, Claim>;
  readonly handmade: Map<string, Group>;
  readonly domains: Domain[];
  readonly mapped: Map<Domain, Map<number, number>>;
  readonly failing: Set<string>;
  readonly refusing: Set<string>;
  /** Names that the IOMMU does not let go of. */
  readonly holding: Set<string>;
  /** In the order in which they came in. */
  quarantined: NaiveDevice[];
  readonly successors: Map<Group, Group>;
  events: RegistryEvent[];
  readonly clock: { day: number };
  serial: number;
}

const p2p: InterferenceKind = 'peer-to-peer';

export function createPair(): Pair {
  const machine = fakeMachine();
  const attached = new Map<Device, Domain>();
  const log = fakeIommu();
  const iommu: FakeIommu = {
    ...log,
    attach(domain, device) {
      log.attach(domain, device);
      attached.set(device, domain);
    },
    detach(domain, device) {
      log.detach(domain, device);
      attached.delete(device);
    },
  };
  const failing = new Set<string>();
  const main: Fact[] = [
    ['a', 'b', p2p],
    ['b', 'c', p2p],
    ['c', 'd', 'same-requester'],
    ['a', 'd', 'peer-to-peer'],
    ['e', 'host', 'interrupts'],
    ['e', 'g', 'peer-to-peer'],
    ['f', 'host', 'untranslated'],
    ['f', 'h', 'shared-reset'],
    ['bridge', 'g', p2p],
  ];
  const second: Fact[] = [['x', 'y', p2p]];
  const providers: readonly [Provider, Provider] = [
    providerOf('main', main, ['pci'], () => true, failing),
    providerOf('second', second, ['pci', 'foo'], (name) => 'dxy'.includes(name), failing),
  ];
  const clock = { day: 0 };
  const managers = ['vfio', 'spdk', 'dpdk'].map((name) => createManager({ name }));
  const pair: Pair = {
    machine,
    registry: createRegistry(machine, { now: () => `${dayOf(clock.day)}T12:00:00Z`, iommuOpsOf: () => iommu }),
    naive: { devices: [], claims: [], providers: [], policy: POLICIES.default, today: dayOf(0) },
    iommu,
    attached,
    providers,
    managers,
    drivers: [{ name: 'vfio-pci' }, { name: 'nvme' }],
    allowed: new Map(managers.map((manager) => [manager, new Set()])),
    devices: new Map(),
    claims: new Map(),
    handmade: new Map(),
    domains: [],
    mapped: new Map(),
    failing,
    refusing: new Set(),
    holding: new Set(),
    quarantined: [],
    successors: new Map(),
    events: [],
    clock,
    serial: 0,
  };
  pair.registry.on((event) => {
    pair.events.push(event);
    if (event.kind === 'merged' && !pair.successors.has(event.from)) pair.successors.set(event.from, event.into);
  });
  const [first] = providers;
  pair.registry.registerProvider('pci', first.real);
  pair.naive.providers.push(first.naive);
  return pair;
}

/** The domain that still translates a device that left it: the tests of domains are the judge of that. */
export function stuckIn({ domains }: Pair, device: Device): Domain | undefined {
  return domains.find((domain) => domain.groups.length > 0 && domain.stuck.some((s) => s.device === device));
}

function providerOf(
  name: string,
  facts: Fact[],
  busses: readonly string[],
  serves: (name: string) => boolean,
  failing: ReadonlySet<string>,
): Provider {
  const table = tableProvider(name, facts, (device) => serves(device.name));
  const real: IsolationProvider = {
    name,
    deviceAdded(device) {
      if (failing.has(device.name)) throw new Error(`${name} cannot see ${device.name}`);
      return table.deviceAdded(device);
    },
    deviceRemoved: (device) => table.deviceRemoved(device),
  };
  return { real, naive: { name, facts, busses: new Set(busses), serves }, facts };
}

export function dayOf(day: number): string {
  return `2026-01-${String(day + 1).padStart(2, '0')}`;
}

export const FACT_KINDS: readonly InterferenceKind[] = [
  'same-requester',
  'peer-to-peer',
  'forged-requester',
  'peer-to-peer',
  'interrupts',
  'untranslated',
  'firmware-memory',
];
