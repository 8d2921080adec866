import { describe, expect, it } from 'vitest';
import { POLICIES, type Policy } from '../policy.ts';
import { fakeIommu, refuse } from '../testing/fake-iommu.ts';
import { registryOn, vfio } from '../testing/registry-on.ts';
import { errnoOf, thrownBy } from '../testing/thrown-by.ts';
import type { Group } from './group.ts';
import { createManager } from './manager.ts';

const groupOf = ({ registry, device }: ReturnType<typeof registryOn>, name: string): Group =>
  registry.groupOf(device(name)) as Group;

it('gives a group IOMMU operations once', () => {
  const world = registryOn('a', [], { iommuOpsOf: () => undefined });
  const group = groupOf(world, 'a');
  expect(errnoOf(() => group.createDomain())).toBe('EINVAL');
  group.setIommuOps(world.iommu);
  expect(thrownBy(() => group.setIommuOps(fakeIommu())).message).toBe(
    'EBUSY: group ua/a has the IOMMU operations of fake0: use these',
  );
  expect(group.createDomain().ops).toBe(world.iommu);
});

describe('createDomain', () => {
  it.each([0, 1, 2])('is all or nothing, in reverse order, when device %i is refused', (refused) => {
    const world = registryOn('a b c', [
      ['a', 'b', 'peer-to-peer'],
      ['b', 'c', 'peer-to-peer'],
    ]);
    const group = groupOf(world, 'a');
    const names = ['a', 'b', 'c'];
    world.iommu.instead.set(`attach ${names[refused]}`, refuse('no'));
    expect(errnoOf(() => group.createDomain())).toBe('EIO');
    const before = names.slice(0, refused);
    expect(world.iommu.log).toEqual([
      ...before.map((name) => `attach ${name}`),
      ...before.toReversed().map((name) => `detach ${name}`),
    ]);
    expect([group.domain, world.registry.domainOf(world.device('a'))]).toEqual([undefined, undefined]);
  });

  it('refuses a group that has one, has no devices, or is gone', () => {
    const world = registryOn('a', []);
    const group = groupOf(world, 'a');
    group.createDomain();
    expect(errnoOf(() => group.createDomain())).toBe('EBUSY');
    const empty = world.registry.createGroup({ name: 'mine', provider: 'me' });
    empty.setIommuOps(world.iommu);
    expect(errnoOf(() => empty.createDomain())).toBe('EINVAL');
    world.machine.unplug(world.device('a'));
    for (const call of [
      () => group.createDomain(),
      () => group.releaseDomain(),
      () => group.setIommuOps(world.iommu),
    ]) {
      expect(errnoOf(call)).toBe('ENODEV');
    }
  });
});

describe('attachGroup and releaseDomain', () => {
  it('share one domain between groups of one owner, and end it with the last', () => {
    const world = registryOn('a b', []);
    const [first, second] = [groupOf(world, 'a'), groupOf(world, 'b')];
    const domain = first.createDomain();
    domain.attachGroup(second);
    expect([second.domain, world.registry.domainOf(world.device('b'))]).toEqual([domain, domain]);
    expect(errnoOf(() => domain.attachGroup(second))).toBe('EINVAL');
    first.releaseDomain();
    expect([first.domain, domain.groups]).toEqual([undefined, [second]]);
    domain.releaseGroup(second);
    expect([world.registry.domainOf(world.device('b')), world.iommu.log.length]).toEqual([undefined, 4]);
    expect(thrownBy(() => second.releaseDomain()).message).toBe(
      'EINVAL: group ub/b is in no domain: there is nothing to release',
    );
  });

  it('refuse a group of another owner, and of another IOMMU', () => {
    const world = registryOn('a b', []);
    const domain = groupOf(world, 'a').createDomain();
    const claim = world.registry.claim(vfio(), [world.device('b')], POLICIES.strict);
    expect(thrownBy(() => domain.attachGroup(groupOf(world, 'b'))).message).toBe(
      'EBUSY: group ub/b is claimed by "vfio": claim ub/b and ua/a for one manager: a domain is not for several owners',
    );
    expect([groupOf(world, 'b').domain, world.iommu.log]).toEqual([undefined, ['attach a']]);
    claim.release();
    const two = registryOn('a b', [], { iommuOpsOf: ({ name }) => (name === 'a' ? world.iommu : fakeIommu()) });
    expect(errnoOf(() => groupOf(two, 'a').createDomain().attachGroup(groupOf(two, 'b')))).toBe('EIO');
  });

  it('of other domains are refused while an IOMMU attaches, whoever owns the groups', () => {
    const world = registryOn('a b c', []);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => groupOf(world, name)) as [Group, Group, Group];
    world.registry.claim(createManager({ name: 'spdk' }), [b], POLICIES.strict);
    world.registry.claim(vfio(), [c], POLICIES.strict);
    const domain = c.createDomain();
    const errnos: string[] = [];
    world.iommu.instead.set('attach a', () => {
      errnos.push(errnoOf(() => domain.attachGroup(b)));
      errnos.push(errnoOf(() => domain.releaseGroup(c)));
      errnos.push(errnoOf(() => domain.regroup(c, b, [])));
    });
    a.createDomain();
    expect(errnos).toEqual(['EBUSY', 'EBUSY', 'EINVAL']);
    expect([b.domain, c.domain, world.registry.domainOf(world.device('c')), domain.groups]).toEqual([
      undefined,
      domain,
      domain,
      [c],
    ]);
  });

  it('look at the day first: what ends with it may move the devices of the group', () => {
    const clock = { day: '2026-01-05' };
    const policy: Policy = { name: 'for now', acceptances: [{ kind: 'peer-to-peer', until: '2026-01-05' }] };
    const facts: ['a', 'b', 'peer-to-peer'][] = [['a', 'b', 'peer-to-peer']];
    const world = registryOn('a b c', facts, { policy, now: () => `${clock.day}T10:00:00Z` });
    const [a, b] = ['a', 'b'].map((name) => groupOf(world, name)) as [Group, Group];
    const domain = a.createDomain();
    domain.attachGroup(b);
    clock.day = '2026-01-06';
    expect(errnoOf(() => domain.releaseGroup(b))).toBe('ENODEV');
    expect([a.devices.length, domain.devices.length, world.iommu.log]).toEqual([2, 2, ['attach a', 'attach b']]);
    clock.day = '2026-01-05';
    domain.attachGroup(groupOf(world, 'c'));
    expect([a.devices.length, domain.devices.length]).toEqual([1, 3]);
    clock.day = '2026-01-06';
    domain.releaseGroup(a);
    expect([domain.devices.map((d) => d.name), a.domain]).toEqual([['c'], undefined]);
  });

  it('are the only way in and out: single devices come and go with the registry', () => {
    const world = registryOn('a', []);
    const group = groupOf(world, 'a');
    const domain = group.createDomain();
    expect(errnoOf(() => domain.detachDevice(group, world.device('a')))).toBe('EINVAL');
    expect([domain.devices.length, world.iommu.log]).toEqual([1, ['attach a']]);
  });
});

it('leaves devices where they are when a group falls apart, and each part in the domain', () => {
  const facts: ['a', 'b', 'peer-to-peer'][] = [['a', 'b', 'peer-to-peer']];
  const world = registryOn('a b', facts);
  const domain = groupOf(world, 'a').createDomain();
  facts.pop();
  world.machine.change(world.device('a'));
  expect([groupOf(world, 'a').domain, groupOf(world, 'b').domain, domain.groups.length]).toEqual([domain, domain, 2]);
  expect(world.iommu.log).toEqual(['attach a', 'attach b']);
  groupOf(world, 'b').releaseDomain();
  expect(domain.devices).toEqual([world.device('a')]);
});

it('does not move what is there into a domain when a policy joins groups', () => {
  const world = registryOn('a b', [['a', 'b', 'forged-requester']]);
  const group = groupOf(world, 'a');
  group.createDomain();
  world.registry.setPolicy(POLICIES.strict);
  expect([groupOf(world, 'b') === group, world.registry.domainOf(world.device('b'))]).toEqual([false, undefined]);
  group.releaseDomain();
  expect(groupOf(world, 'b')).toBe(groupOf(world, 'a'));
});
