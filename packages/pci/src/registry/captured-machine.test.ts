import { type DeviceListener, IsolationError } from '@isogroups/core';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../facts/address.ts';
import type { LooseFunction } from '../facts/assemble-machine.ts';
import { unknown } from '../facts/fact.ts';
import { endpoint, machineOf, port } from '../testing/build-machine.ts';
import { createCapturedMachine } from './captured-machine.ts';

/** Where the driver was not read. */
function unread(): Partial<LooseFunction> {
  const [first] = machineOf([endpoint('00:00.0')]).functions;
  if (first === undefined) throw new Error('a machine of one function');
  return { host: { ...first.host, driver: unknown('not read', 'root') } };
}

const MACHINE = machineOf([
  port('00:01.0', { driver: 'pcieport' }, [endpoint('01:00.0', { driver: 'nvme' })]),
  endpoint('00:02.0', { facts: unread() }),
]);

function errnoOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof IsolationError) return error.errno;
    throw error;
  }
  return 'none';
}

function started() {
  const machine = createCapturedMachine(MACHINE);
  const heard: string[] = [];
  const hear = (what: string) => (device: { readonly name: string }) =>
    void heard.push(`${what} ${device.name.slice(5)}`);
  const listener = Object.fromEntries(
    ['added', 'removing', 'removed', 'changed', 'bound', 'unbound'].map((what) => [what, hear(what)]),
  ) as unknown as DeviceListener;
  const leave = machine.subscribe(listener);
  const find = (name: string) => machine.find(name) ?? { name, bus: 'pci', parent: undefined, driver: undefined };
  return { machine, heard, leave, find };
}

describe('a captured machine', () => {
  it('has the devices of the capture, with their drivers; one that was not read is not none', () => {
    const { machine } = started();
    const devices = [...machine.devices()].map((d) => `${d.name} ${d.parent?.name ?? '-'} ${d.driver?.name ?? '-'}`);
    expect(devices).toEqual(['0000:00:01.0 - pcieport', '0000:00:02.0 - (unknown)', '0000:01:00.0 0000:00:01.0 nvme']);
    expect(machine.facts().functions).toEqual(MACHINE.functions);
  });

  it('is unplugged children first, and plugged with what came out', () => {
    const { machine, heard, find } = started();
    const out = machine.unplug(find('0000:00:01.0'));
    expect(heard).toEqual(['removing 01:00.0', 'removed 01:00.0', 'removing 00:01.0', 'removed 00:01.0']);
    expect(out.map(formatAddress)).toEqual(['0000:00:01.0', '0000:01:00.0']);
    expect(machine.facts().functions).toHaveLength(1);
    for (const f of out) expect(machine.plug(f).driver).toBeUndefined();
    expect(machine.facts().functions.map(formatAddress)).toEqual(MACHINE.functions.map(formatAddress));
  });

  it('takes virtual functions out with their physical one', () => {
    const vf = endpoint('01:00.1', { facts: { physicalFunctionAddress: '0000:01:00.0' } });
    const machine = createCapturedMachine(machineOf([port('00:01.0', {}, [endpoint('01:00.0'), vf])]));
    const pf = machine.find('0000:01:00.0');
    expect(pf === undefined ? [] : machine.unplug(pf).map(formatAddress)).toEqual(['0000:01:00.0', '0000:01:00.1']);
  });

  it('tells of drivers and registers, until nobody listens', () => {
    const { machine, heard, leave, find } = started();
    const device = find('0000:01:00.0');
    machine.bind(device, undefined);
    machine.bind(device, { name: 'vfio-pci' });
    const facts = machine.factsOf(device);
    if (facts !== undefined) machine.change(device, { ...facts, revision: 7 });
    expect([device.driver?.name, machine.factsOf(device)?.revision]).toEqual(['vfio-pci', 7]);
    leave();
    machine.unplug(device);
    expect(heard).toEqual(['unbound 01:00.0', 'bound 01:00.0', 'changed 01:00.0']);
  });

  it('refuses what cannot be', () => {
    const { machine, heard, find } = started();
    const device = find('0000:01:00.0');
    const facts = machine.factsOf(device);
    if (facts === undefined) throw new Error('it has facts');
    expect(errnoOf(() => machine.plug(facts))).toBe('EEXIST');
    expect(errnoOf(() => machine.plug({ ...facts, devfn: 9, parentAddress: '0000:00:09.0' }))).toBe('ENODEV');
    expect(errnoOf(() => machine.unplug(find('0000:09:00.0')))).toBe('ENODEV');
    expect(errnoOf(() => machine.bind({ ...device }, undefined))).toBe('ENODEV');
    expect(errnoOf(() => machine.change(device, { ...facts, devfn: 9 }))).toBe('EINVAL');
    expect(heard).toEqual([]);
  });
});
