import { describe, expect, it } from 'vitest';
import { POLICIES } from '../policy.ts';
import { tableProvider } from '../testing/fake-machine.ts';
import { NVME, registryOn, VFIO_PCI, vfio } from '../testing/registry-on.ts';
import { errnoOf, thrownBy } from '../testing/thrown-by.ts';
import type { RegistryEvent } from './events.ts';

describe('callbacks that throw', () => {
  it('do not break the registry: listeners', () => {
    const { registry, machine, events } = registryOn('a', []);
    registry.on(() => {
      throw new Error('deaf');
    });
    machine.plug('b');
    expect(registry.groups).toHaveLength(2);
    expect(events.map((e) => e.kind)).toEqual(['group-created', 'callback-failed']);
  });

  it('do not break the registry: managers', () => {
    const fail = () => {
      throw new Error('no');
    };
    const facts: ['a', string, 'peer-to-peer' | 'interrupts'][] = [['a', 'b', 'peer-to-peer']];
    const { registry, machine, device, events } = registryOn('a', facts);
    const manager = vfio({ deviceAdded: fail, deviceRemoving: fail, isolationLost: fail });
    const claim = registry.claim(manager, [device('a')], POLICIES.default);
    machine.unplug(machine.plug('b'));
    facts.push(['a', 'host', 'interrupts']);
    machine.change(device('a'));
    const failed = events.flatMap((e) => (e.kind === 'callback-failed' ? [`${e.callback} of ${e.of}`] : []));
    expect(failed).toEqual(['deviceAdded of vfio', 'deviceRemoving of vfio', 'isolationLost of vfio']);
    expect([claim.devices.length, claim.standing]).toEqual([1, true]);
  });

  it('do not break the registry: bus mastering', () => {
    const { registry, machine, device, events } = registryOn('a', [
      ['a', 'b', 'peer-to-peer'],
      ['b', 'host', 'untranslated'],
    ]);
    machine.setBusMaster = () => {
      throw new Error('no');
    };
    registry.claim(vfio(), [device('a')], POLICIES.strict);
    machine.plug('b');
    expect(registry.quarantined.size).toBe(1);
    expect(events.map((e) => e.kind)).toContain('callback-failed');
  });
});

describe('calls from inside', () => {
  it('of a listener or a manager may change everything; what that causes is told after it', () => {
    const { registry, machine, device, heard } = registryOn('a c', [['a', 'b', 'peer-to-peer']]);
    const manager = vfio({ deviceAdded: () => registry.setPolicy(POLICIES.lab) });
    registry.claim(manager, [device('a')], POLICIES.strict);
    heard();
    registry.on((event) => {
      if (event.kind === 'policy-changed') registry.claim(vfio(), [device('c')], POLICIES.strict);
    });
    machine.plug('b');
    expect(heard()).toEqual(['group-changed', 'policy-changed', 'claimed']);
    expect(registry.claims).toHaveLength(2);
  });

  it('of deviceRemoving find the device still there', () => {
    const { registry, machine, device } = registryOn('a', []);
    const manager = vfio({ deviceRemoving: (_device, group) => group.releaseDomain() });
    registry.claim(manager, [device('a')], POLICIES.strict).groups[0]?.createDomain();
    const seen: RegistryEvent[] = [];
    registry.on((event) => seen.push(event));
    machine.unplug(device('a'));
    expect(seen.filter((e) => e.kind === 'callback-failed')).toEqual([]);
    expect(registry.groups[0]?.domain).toBeUndefined();
  });

  it('of IommuOps and providers are refused where they would change something, and answered otherwise', () => {
    const { registry, iommu, device } = registryOn('a b', []);
    const group = registry.groupOf(device('a'));
    const errnos: string[] = [];
    iommu.instead.set('attach a', () => {
      errnos.push(errnoOf(() => registry.claim(vfio(), [device('b')], POLICIES.strict)));
      errnos.push(errnoOf(() => registry.groupOf(device('b'))?.createDomain()));
      expect(registry.groupOf(device('b'))?.name).toBe('ub/b');
    });
    group?.createDomain();
    expect([errnos, registry.claims]).toEqual([['EBUSY', 'EBUSY'], []]);
    const curious = tableProvider('curious', [], () => {
      const error = thrownBy(() => registry.setPolicy(POLICIES.lab));
      expect(error.message).toBe(
        'EBUSY: the registry is in the middle of registering a provider: call when that is over: from an event, or from a callback of a manager',
      );
      return false;
    });
    registry.registerProvider('pci', curious);
    expect(registry.policy).toBe(POLICIES.default);
  });

  it('of the functions that looked before the lock find everything as it was, and are refused', () => {
    const { registry, iommu, device } = registryOn('a b', []);
    const mine = registry.createGroup({ name: 'mine', provider: 'me' });
    mine.addDevice(device('b'));
    const claim = registry.claim(vfio(), [mine], POLICIES.strict);
    const domain = mine.createDomain();
    const a = registry.groupOf(device('a'));
    const errnos: string[] = [];
    iommu.instead.set('attach a', () => {
      for (const call of [
        () => mine.removeDevice(device('b')),
        () => mine.releaseDomain(),
        () => a?.createDomain(),
        () => domain.releaseGroup(mine),
        () => claim.release(),
      ]) {
        errnos.push(errnoOf(call));
      }
      expect([claim.manager.allowsDriver(VFIO_PCI), claim.locked]).toEqual([true, true]);
    });
    a?.createDomain();
    expect(errnos).toEqual(Array(5).fill('EBUSY'));
    expect([mine.devices, mine.domain, claim.standing]).toEqual([[device('b')], domain, true]);
  });

  it('of the machine during a playback are shown once, when the provider is registered', () => {
    const { registry, machine, events } = registryOn('a', []);
    const shown: string[] = [];
    const table = tableProvider('second', []);
    registry.registerProvider('pci', {
      ...table,
      deviceAdded(device) {
        shown.push(device.name);
        if (device.name === 'a') machine.plug('b');
        return table.deviceAdded(device);
      },
    });
    expect([shown, registry.groups.map((g) => g.name)]).toEqual([
      ['a', 'b'],
      ['ua/a', 'ub/b'],
    ]);
    expect(events.filter((e) => e.kind === 'callback-failed')).toEqual([]);
  });

  it('of a bus that comes with a new device meanwhile are answered: no driver yet', () => {
    const { registry, machine, iommu, device, heard, events } = registryOn('a', []);
    let early: boolean | undefined;
    iommu.instead.set('attach a', () => {
      const b = machine.plug('b');
      early = registry.mayBind(b, NVME);
      machine.bind(b, NVME);
      machine.unplug(machine.plug('c'));
    });
    registry.groupOf(device('a'))?.createDomain();
    expect([early, registry.mayBind(device('b'), NVME), registry.groups.length]).toEqual([false, true, 2]);
    expect(events.filter((e) => e.kind === 'callback-failed')).toEqual([]);
    registry.claim(vfio(), [device('a')], POLICIES.strict);
    expect(heard()).not.toContain('gate-bypassed');
  });

  it('of a bus that does not ask for a device that comes meanwhile are reported', () => {
    const { registry, machine, iommu, device, heard } = registryOn('a b', [['a', 'c', 'peer-to-peer']]);
    registry.claim(vfio(), [device('a')], POLICIES.strict);
    iommu.instead.set('attach b', () => machine.bind(machine.plug('c'), NVME));
    registry.groupOf(device('b'))?.createDomain();
    expect(heard()).toContain('gate-bypassed');
  });

  it('of the machine wait until the change that is under way has ended', () => {
    const { registry, machine, iommu, device } = registryOn('a b', []);
    iommu.instead.set('attach a', () => {
      machine.unplug(device('b'));
      machine.plug('c');
      expect(registry.groupNamed('uc/c')).toBeUndefined();
    });
    registry.groupOf(device('a'))?.createDomain();
    expect(registry.groups.map((g) => g.name)).toEqual(['ua/a', 'uc/c']);
  });
});

it('tells nobody who has left, and nothing after close', () => {
  const { registry, machine, heard } = registryOn('a', []);
  const kinds: string[] = [];
  const leave = registry.on((event) => kinds.push(event.kind));
  machine.plug('b');
  leave();
  machine.plug('c');
  expect(kinds).toEqual(['group-created']);
  heard();
  registry.close();
  machine.plug('d');
  expect([heard(), machine.listeners.size]).toEqual([[], 0]);
});
