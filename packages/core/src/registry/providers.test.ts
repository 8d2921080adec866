import { describe, expect, it } from 'vitest';
import { POLICIES } from '../policy.ts';
import { fakeMachine, tableProvider } from '../testing/fake-machine.ts';
import { registryOn, vfio } from '../testing/registry-on.ts';
import { errnoOf, thrownBy } from '../testing/thrown-by.ts';
import { createRegistry } from './create-registry.ts';
import type { IsolationProvider } from './provider.ts';

describe('registerProvider', () => {
  it('plays back the devices that are present, of one bus or of several', () => {
    const machine = fakeMachine();
    machine.plug('a');
    machine.plug('x@foo');
    machine.plug('y@bar');
    const seen: string[] = [];
    const provider: IsolationProvider = {
      name: 'spy',
      deviceAdded(device) {
        seen.push(device.name);
        return undefined;
      },
      deviceRemoved: () => [],
    };
    const registry = createRegistry(machine);
    registry.registerProvider(['pci', 'foo'], provider);
    machine.plug('b');
    expect(seen).toEqual(['a', 'x', 'b']);
    expect(thrownBy(() => registry.registerProvider('foo', provider)).message).toBe(
      'EEXIST: provider spy serves bus foo already: register it once for each bus',
    );
    registry.registerProvider('bar', provider);
    expect(seen).toEqual(['a', 'x', 'b', 'y']);
  });

  it('lets a provider put devices together by hand while it is asked, as those of 2012 did', () => {
    const machine = fakeMachine();
    for (const name of ['a1', 'a2', 'b1']) machine.plug(name);
    const registry = createRegistry(machine);
    const byLetter: IsolationProvider = {
      name: 'letters',
      deviceAdded(device) {
        const name = `letters/${device.name[0]}`;
        const group = registry.groupNamed(name) ?? registry.createGroup({ name, provider: 'letters' });
        group.addDevice(device);
        return undefined;
      },
      deviceRemoved(device) {
        registry.groupNamed(`letters/${device.name[0]}`)?.removeDevice(device);
        return [];
      },
    };
    registry.registerProvider('pci', byLetter);
    const b2 = machine.plug('b2');
    const groups = registry.groups.map((g) => `${g.name}: ${g.devices.map((d) => d.name).join(' ')}`);
    expect(groups).toEqual(['letters/a: a1 a2', 'letters/b: b1 b2']);
    expect(registry.claim(vfio(), [b2], POLICIES.strict).devices).toHaveLength(2);
    machine.change(b2);
    expect(registry.claims[0]?.losses).toEqual([]);
    machine.unplug(b2);
    expect(registry.groupNamed('letters/b')?.devices.map((d) => d.name)).toEqual(['b1']);
  });
});

describe('unregisterProvider', () => {
  it('forgets what it said', () => {
    const { machine, device } = registryOn('a b', []);
    const registry = createRegistry(machine);
    const table = tableProvider('mine', [['a', 'b', 'peer-to-peer']]);
    registry.registerProvider('pci', table);
    expect(registry.groupOf(device('a'))?.devices).toHaveLength(2);
    registry.unregisterProvider('pci', table);
    expect(registry.groupOf(device('a'))?.devices).toHaveLength(1);
  });

  it('refuses a provider that does not serve the bus', () => {
    const { registry } = registryOn('a', []);
    expect(errnoOf(() => registry.unregisterProvider('pci', tableProvider('other', [])))).toBe('ENODEV');
  });
});

describe('a device that no provider sees', () => {
  it('joins its parent at once: FooBus behind a PCI card, and a platform device inside of a wrapper', () => {
    const { registry, machine, device } = registryOn('card other', []);
    const foo1 = machine.plug('foo1@foo', device('card'));
    const foo2 = machine.plug('foo2@foo', foo1);
    expect(registry.groupOf(foo2)).toBe(registry.groupOf(device('card')));
    expect(registry.groupOf(foo2)?.devices.map((d) => d.name)).toEqual(['card', 'foo1', 'foo2']);
    expect(registry.groupOf(device('other'))?.devices).toHaveLength(1);
  });

  it('is joined to the host when it sits on nothing', () => {
    const { registry, machine } = registryOn('a', []);
    const lonely = machine.plug('lonely@foo');
    expect(registry.groupOf(lonely)?.name).toBe('no-iommu/lonely');
    expect(thrownBy(() => registry.claim(vfio(), [lonely], POLICIES.lab)).message).toMatch(
      /^EPERM: under policy lab lonely reaches the host \(untranslated\)/,
    );
  });
});

describe('two providers that serve one device', () => {
  it('are both heard, and what it belongs to cannot be claimed until one is gone', () => {
    const { registry, device, heard, events } = registryOn('a b c', [['a', 'b', 'peer-to-peer']]);
    const second = tableProvider('second', [['b', 'c', 'peer-to-peer']], (d) => d.name !== 'a');
    registry.registerProvider('pci', second);
    expect(registry.groupOf(device('a'))?.devices.map((d) => d.name)).toEqual(['a', 'b', 'c']);
    expect(events.filter((e) => e.kind === 'conflict')).toMatchObject([
      { device: device('b'), providers: ['table', 'second'] },
      { device: device('c'), providers: ['table', 'second'] },
    ]);
    expect(thrownBy(() => registry.claim(vfio(), [device('a')], POLICIES.lab)).message).toMatch(
      /b is served by table and second; c is served by table and second/,
    );
    heard();
    registry.unregisterProvider('pci', second);
    expect(heard().filter((kind) => kind === 'conflict')).toHaveLength(2);
    expect(registry.claim(vfio(), [device('a')], POLICIES.lab).devices).toHaveLength(2);
  });
});

describe('a provider that fails', () => {
  const failing = (part: 'deviceAdded' | 'devices' | 'twice' | 'graph' | 'parties'): IsolationProvider => ({
    name: 'failing',
    deviceAdded(device) {
      if (part === 'deviceAdded') throw new Error('no');
      const devices = part === 'devices' ? [device, { ...device }] : part === 'twice' ? [device, device] : [device];
      const parties = { count: 9, nameOf: () => '', isBridge: () => false, unitOf: () => undefined };
      return {
        devices,
        graph() {
          if (part === 'graph') throw new Error('no');
          return { parties, interferences: [] };
        },
      };
    },
    deviceRemoved: () => [],
  });

  it.each(['deviceAdded', 'devices', 'twice', 'graph', 'parties'] as const)(
    'at %s is reported, and what it would have said counts as not known',
    (part) => {
      const { registry, device, events } = registryOn('a', []);
      registry.registerProvider('pci', failing(part));
      expect(events.find((e) => e.kind === 'callback-failed')).toMatchObject({ of: 'failing' });
      expect(thrownBy(() => registry.claim(vfio(), [device('a')], POLICIES.lab)).message).toMatch(
        /failing failed at a/,
      );
    },
  );

  it('at deviceRemoved leaves the others of the zone as not seen', () => {
    const { registry, machine, device } = registryOn('a b', []);
    const table = tableProvider('mine', [['a', 'b', 'peer-to-peer']]);
    registry.registerProvider('pci', {
      ...table,
      deviceRemoved() {
        throw new Error('no');
      },
    });
    machine.unplug(device('b'));
    expect(errnoOf(() => registry.claim(vfio(), [device('a')], POLICIES.lab))).toBe('EPERM');
  });
});
