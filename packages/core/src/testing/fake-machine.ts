/**
 * @module A machine of plain devices for tests, and providers that see what a table says.
 */
import type { Device, Driver } from '../device.ts';
import type { InterferenceGraph } from '../graph.ts';
import type { Interference } from '../interference.ts';
import { type InterferenceKind, KIND_FACTS } from '../kinds.ts';
import type { DeviceListener, DeviceModel } from '../registry/device-model.ts';
import type { IsolationProvider, Sighting } from '../registry/provider.ts';
import { edge } from './arbitrary-graph.ts';

interface FakeDevice extends Device {
  driver: Driver | undefined;
  busMaster: boolean;
}

export interface FakeMachine extends DeviceModel {
  /** `foo1`, or `foo1@foobus`: on another bus than `pci`. */
  plug(name: string, parent?: Device): FakeDevice;
  unplug(device: Device): void;
  change(device: Device): void;
  bind(device: FakeDevice, driver: Driver): void;
  unbind(device: FakeDevice): void;
  readonly present: Set<FakeDevice>;
  readonly listeners: ReadonlySet<DeviceListener>;
}

export function fakeMachine(): FakeMachine {
  const present = new Set<FakeDevice>();
  const listeners = new Set<DeviceListener>();
  const tell = (what: keyof DeviceListener, device: Device): void => {
    for (const listener of listeners) listener[what](device);
  };
  return {
    present,
    listeners,
    devices: () => [...present],
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    setBusMaster(device, on) {
      (device as FakeDevice).busMaster = on;
    },
    plug(text, parent) {
      const [name = '', bus = 'pci'] = text.split('@');
      const device: FakeDevice = { name, bus, parent, driver: undefined, busMaster: true };
      present.add(device);
      tell('added', device);
      return device;
    },
    unplug(device) {
      tell('removing', device);
      present.delete(device as FakeDevice);
      tell('removed', device);
    },
    change: (device) => tell('changed', device),
    bind(device, driver) {
      device.driver = driver;
      tell('bound', device);
    },
    unbind(device) {
      device.driver = undefined;
      tell('unbound', device);
    },
  };
}

/** `['a', 'b', 'peer-to-peer']`: they can disturb each other. `['a', 'host', 'interrupts']`. */
export type Fact = readonly [string, string, InterferenceKind];

/**
 * A provider that sees all devices of its busses, or those that it serves, and knows the facts of a table by the names of the
 * devices. The table may change; then `change` the devices that it concerns.
 */
export function tableProvider(
  name: string,
  facts: readonly Fact[],
  serves: (device: Device) => boolean = () => true,
): IsolationProvider {
  const zoneOf = new Map<Device, ReadonlySet<Device>>();
  const draw = (start: Device, among: Iterable<Device>): Sighting => {
    const all = [...among];
    const zone = new Set([start]);
    for (const device of zone) {
      for (const other of all) if (facts.some((f) => joinsByName(f, device.name, other.name))) zone.add(other);
    }
    const devices = all.filter((device) => zone.has(device));
    for (const device of devices) zoneOf.set(device, zone);
    const graph = graphOfFacts(devices, facts);
    return { devices, graph: () => graph };
  };
  return {
    name,
    deviceAdded(device) {
      if (!serves(device)) return undefined;
      return draw(device, [...zoneOf.keys(), device]);
    },
    deviceRemoved(device) {
      const left = new Set(zoneOf.get(device));
      zoneOf.delete(device);
      left.delete(device);
      const sightings: Sighting[] = [];
      for (const other of left) {
        const sighting = draw(
          other,
          [...zoneOf.keys()].filter((d) => left.has(d)),
        );
        for (const d of sighting.devices) left.delete(d);
        sightings.push(sighting);
      }
      return sightings;
    },
  };
}

function joinsByName([a, b]: Fact, x: string, y: string): boolean {
  return x !== y && ((a === x && b === y) || (a === y && b === x));
}

/** Units are named after the first letter: `a1` is below unit `ua`. */
function graphOfFacts(devices: readonly Device[], facts: readonly Fact[]): InterferenceGraph {
  const partyOf = new Map(devices.map((device, party) => [device.name, party]));
  const span = (name: string) => {
    const from = partyOf.get(name);
    return from === undefined ? [] : [{ from, to: from + 1 }];
  };
  const interferences = facts.flatMap(([a, b, kind]): readonly Interference[] => {
    const actors = span(a);
    const reach = KIND_FACTS[kind].joins === 'host' ? ('host' as const) : span(b);
    if (actors.length === 0 || reach.length === 0) return [];
    return [edge({ kind, actors, reach, where: { kind: 'device', party: actors[0]?.from ?? 0 } })];
  });
  return {
    parties: {
      count: devices.length,
      nameOf: (party) => (devices[party] as Device).name,
      isBridge: (party) => (devices[party] as Device).name.startsWith('bridge'),
      unitOf: (party) => `u${(devices[party] as Device).name[0]}`,
    },
    interferences,
  };
}
