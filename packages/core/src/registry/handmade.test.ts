import { describe, expect, it } from 'vitest';
import { extendPolicy, POLICIES } from '../policy.ts';
import { refuse } from '../testing/fake-iommu.ts';
import type { Fact } from '../testing/fake-machine.ts';
import { registryOn, vfio } from '../testing/registry-on.ts';
import { errnoOf, thrownBy } from '../testing/thrown-by.ts';

const MINE = { name: 'mine/all', provider: 'me' };

describe('createGroup', () => {
  it('makes an empty group under that name', () => {
    const { registry, heard } = registryOn('a', []);
    const group = registry.createGroup(MINE);
    expect([group.name, group.devices, group.present]).toEqual(['mine/all', [], true]);
    expect(registry.groupNamed('mine/all')).toBe(group);
    expect(heard()).toEqual(['group-created']);
  });

  it('refuses a name that is taken, or is no path', () => {
    const { registry } = registryOn('a', []);
    registry.createGroup(MINE);
    expect(thrownBy(() => registry.createGroup(MINE)).message).toBe(
      'EEXIST: there is a group mine/all already: use another name, or that group',
    );
    expect(errnoOf(() => registry.createGroup({ ...MINE, name: 'ua/a' }))).toBe('EEXIST');
    for (const name of ['', '/a', 'a//b', '../a', 'a/devices', 'a\n']) {
      expect(errnoOf(() => registry.createGroup({ ...MINE, name }))).toBe('EINVAL');
    }
    expect(registry.groups).toHaveLength(2);
  });
});

describe('freeGroup', () => {
  it('refuses while there are devices or a manager', () => {
    const { registry, device } = registryOn('a b', []);
    const group = registry.createGroup(MINE);
    group.addDevice(device('a'));
    expect(thrownBy(() => registry.freeGroup(group)).message).toBe(
      'EBUSY: group mine/all has a: remove its devices first',
    );
    const claim = registry.claim(vfio(), [group], POLICIES.strict);
    expect(errnoOf(() => registry.freeGroup(group))).toBe('EBUSY');
    claim.release();
    group.removeDevice(device('a'));
    registry.freeGroup(group);
    expect(group.present).toBe(false);
    expect(errnoOf(() => registry.freeGroup(group))).toBe('ENODEV');
  });

  it('refuses a claimed group even when it is empty', () => {
    const { registry } = registryOn('a', []);
    const group = registry.createGroup(MINE);
    registry.claim(vfio(), [group], POLICIES.strict);
    expect(thrownBy(() => registry.freeGroup(group)).message).toBe(
      'EBUSY: group mine/all is claimed by "vfio": release that claim first',
    );
  });

  it('refuses a group of another registry', () => {
    const other = registryOn('a', []).registry.createGroup(MINE);
    expect(errnoOf(() => registryOn('a', []).registry.freeGroup(other))).toBe('ENODEV');
  });
});

describe('addDevice', () => {
  it('puts devices together, as same-requester', () => {
    const { registry, device } = registryOn('a b c', []);
    const group = registry.createGroup(MINE);
    group.addDevice(device('a'));
    group.addDevice(device('c'));
    expect(registry.groupOf(device('c'))).toBe(group);
    expect(group.devices.map((d) => d.name)).toEqual(['a', 'c']);
    group.removeDevice(device('a'));
    expect(registry.groupOf(device('a'))?.name).toBe('ua/a');
    expect(group.devices.map((d) => d.name)).toEqual(['c']);
  });

  it('refuses what is in another group by hand, is not there, or follows from facts', () => {
    const { registry, machine, device } = registryOn('a b', []);
    const group = registry.createGroup(MINE);
    const other = registry.createGroup({ ...MINE, name: 'mine/other' });
    other.addDevice(device('a'));
    expect(thrownBy(() => group.addDevice(device('a'))).message).toBe(
      'EBUSY: device a was added to group mine/other: remove it there first',
    );
    const gone = machine.plug('gone');
    machine.unplug(gone);
    expect(errnoOf(() => group.addDevice(gone))).toBe('ENODEV');
    expect(errnoOf(() => registry.groupOf(device('b'))?.addDevice(device('b')))).toBe('EINVAL');
    expect(errnoOf(() => group.removeDevice(device('b')))).toBe('ENODEV');
  });

  it('refuses a claimed device, and one that would open the claim of the group', () => {
    const { registry, device } = registryOn('a b c', [['b', 'host', 'interrupts']]);
    const group = registry.createGroup(MINE);
    group.addDevice(device('a'));
    registry.claim(vfio(), [group], POLICIES.default);
    const error = thrownBy(() => group.addDevice(device('b')));
    expect(error.message).toMatch(/^EPERM: it would open the claim of "vfio": a reaches the host/);
    expect(registry.groupOf(device('b'))?.claim).toBeUndefined();
    const second = registry.createGroup({ ...MINE, name: 'mine/second' });
    expect(errnoOf(() => second.addDevice(device('a')))).toBe('EBUSY');
    group.addDevice(device('c'));
    expect(registry.groupOf(device('c'))?.manager?.name).toBe('vfio');
  });

  it('takes nothing into a claim that the claim had lost to others, and opens it no further', () => {
    const facts: Fact[] = [];
    const { registry, machine, device } = registryOn('a x y z', facts);
    const group = registry.createGroup(MINE);
    group.addDevice(device('a'));
    const claim = registry.claim(vfio(), [group], POLICIES.strict);
    facts.push(['a', 'x', 'peer-to-peer']);
    machine.change(device('a'));
    facts.push(['y', 'host', 'untranslated']);
    machine.change(device('y'));
    expect(claim.losses).toMatchObject([{ kind: 'device', other: device('x') }]);
    expect(errnoOf(() => group.addDevice(device('y')))).toBe('EPERM');
    group.addDevice(device('z'));
    expect([claim.devices, registry.groupOf(device('x'))?.claim]).toEqual([[device('a'), device('z')], undefined]);
    group.addDevice(device('x'));
    expect([claim.devices.length, claim.losses]).toEqual([3, []]);
  });

  it('takes nothing into a domain that its owner did not claim, and gives back what it did when the domain refuses', () => {
    const { registry, iommu, device } = registryOn('a b c', [['b', 'c', 'forged-requester']], {
      policy: POLICIES.strict,
    });
    const group = registry.createGroup(MINE);
    group.addDevice(device('a'));
    const claim = registry.claim(vfio(), [group], POLICIES.default);
    const domain = group.createDomain();
    iommu.instead.set('attach b', refuse('no'));
    expect(errnoOf(() => group.addDevice(device('b')))).toBe('EIO');
    expect([claim.devices, registry.groupOf(device('b'))?.claim]).toEqual([[device('a')], undefined]);
    iommu.instead.clear();
    group.addDevice(device('b'));
    expect([domain.devices, claim.devices]).toEqual([group.devices, [device('a'), device('b')]]);
    expect(registry.domainOf(device('c'))).toBeUndefined();
  });

  it('looks at the day first', () => {
    const clock = { day: '2026-01-05' };
    const { registry, device } = registryOn('a y z', [['y', 'z', 'peer-to-peer']], {
      now: () => `${clock.day}T10:00:00Z`,
    });
    const group = registry.createGroup(MINE);
    group.addDevice(device('a'));
    const claim = registry.claim(vfio(), [group], {
      name: 'for now',
      acceptances: [{ kind: 'peer-to-peer', until: '2026-01-05' }],
    });
    clock.day = '2026-01-06';
    group.addDevice(device('y'));
    expect([claim.losses, claim.devices.length]).toEqual([[], 3]);
  });

  it('enters the domain of the group, with what interferes with it, or nothing happens', () => {
    const { registry, iommu, device } = registryOn('a b c d', [['b', 'c', 'peer-to-peer']]);
    const group = registry.createGroup(MINE);
    group.addDevice(device('a'));
    const domain = group.createDomain();
    iommu.instead.set('attach c', refuse('no'));
    expect(errnoOf(() => group.addDevice(device('b')))).toBe('EIO');
    expect(iommu.log).toEqual(['attach a', 'attach b', 'detach b']);
    expect([domain.devices, group.devices]).toEqual([[device('a')], [device('a')]]);
    expect(registry.groupOf(device('b'))?.devices).toHaveLength(2);

    iommu.instead.clear();
    group.addDevice(device('b'));
    expect(domain.devices.map((d) => d.name)).toEqual(['a', 'b', 'c']);
    expect(registry.groupOf(device('c'))).toBe(group);
    group.removeDevice(device('b'));
    expect(domain.devices.map((d) => d.name)).toEqual(['a']);
  });

  it('leaves what was attached to the domain by itself where it is', () => {
    const policy = extendPolicy(POLICIES.default, [{ kind: 'peer-to-peer' }]);
    const facts: Fact[] = [
      ['a', 'c', 'peer-to-peer'],
      ['c', 'b', 'peer-to-peer'],
    ];
    const { registry, iommu, device } = registryOn('a b c x', facts, { policy });
    const group = registry.createGroup(MINE);
    for (const name of ['a', 'x']) group.addDevice(device(name));
    const domain = group.createDomain();
    const other = registry.groupOf(device('b'));
    if (other !== undefined) domain.attachGroup(other);
    registry.setPolicy(POLICIES.strict);
    group.removeDevice(device('a'));
    expect([domain.devices, iommu.log.at(-1)]).toEqual([[device('x'), device('b')], 'detach a']);
  });

  it('leaves the domain with the last device, if nobody holds the group', () => {
    const { registry, machine, device } = registryOn('a b', [['a', 'b', 'peer-to-peer']]);
    const group = registry.createGroup(MINE);
    group.addDevice(device('a'));
    const domain = group.createDomain();
    machine.unplug(device('a'));
    expect([group.present, group.domain, domain.groups]).toEqual([true, undefined, [registry.groupOf(device('b'))]]);
  });

  it('refuses a device that is in another domain', () => {
    const { registry, device } = registryOn('a b', []);
    const group = registry.createGroup(MINE);
    group.addDevice(device('a'));
    registry.groupOf(device('b'))?.createDomain();
    expect(thrownBy(() => group.addDevice(device('b'))).message).toBe(
      'EBUSY: device b is in domain ub/b: release that first',
    );
  });

  it('refuses a device in quarantine', () => {
    const { registry, machine, iommu, device } = registryOn('a', [['a', 'b', 'peer-to-peer']]);
    registry.groupOf(device('a'))?.createDomain();
    iommu.instead.set('attach b', refuse('no'));
    const b = machine.plug('b');
    const group = registry.createGroup(MINE);
    expect(errnoOf(() => group.addDevice(b))).toBe('EPERM');
  });
});
