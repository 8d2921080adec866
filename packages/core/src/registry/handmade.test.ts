import { describe, expect, it } from 'vitest';
import { POLICIES } from '../policy.ts';
import { refuse } from '../testing/fake-iommu.ts';
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
