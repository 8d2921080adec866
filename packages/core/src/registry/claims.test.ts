import { describe, expect, it } from 'vitest';
import { POLICIES, type Policy } from '../policy.ts';
import { refuse } from '../testing/fake-iommu.ts';
import { NVME, registryOn, VFIO_PCI, vfio } from '../testing/registry-on.ts';
import { errnoOf, thrownBy } from '../testing/thrown-by.ts';
import { createRegistry } from './create-registry.ts';
import { createManager } from './manager.ts';

describe('claim', () => {
  it('takes whole components under its own policy, several weak groups as one strong set', () => {
    const { registry, device } = registryOn('a b c', [['a', 'b', 'forged-requester']]);
    const group = registry.groupOf(device('a'));
    expect(group?.devices).toHaveLength(1);
    const claim = registry.claim(vfio(), [device('a')], POLICIES.strict);
    expect(claim.devices.map((d) => d.name)).toEqual(['a', 'b']);
    expect([claim.groups.length, group?.manager?.name, registry.groupOf(device('c'))?.manager]).toEqual([
      2,
      'vfio',
      undefined,
    ]);
  });

  it('says who has it since when, and what joins them', () => {
    const times = ['2026-11-24T11:00:00Z'];
    const { registry, device } = registryOn('a b', [['a', 'b', 'forged-requester']], { now: () => times[0] as string });
    const manager = vfio();
    const claim = registry.claim(manager, [device('a')], POLICIES.default);
    const error = thrownBy(() => registry.claim(createManager({ name: 'spdk' }), [device('a')], POLICIES.default));
    expect(error.message).toBe(
      'EBUSY: group ua/a is claimed by "vfio" since 2026-11-24T11:00:00Z: release that claim first',
    );
    expect(error.operands).toMatchObject({ claim, manager, since: claim.since, device: device('a') });
    expect(
      thrownBy(() => registry.claim(createManager({ name: 'spdk' }), [device('b')], POLICIES.strict)).message,
    ).toBe(
      'EBUSY: b reaches a (forged-requester); group ua/a is claimed by "vfio" since 2026-11-24T11:00:00Z: release that claim first',
    );
    expect(registry.claim(createManager({ name: 'spdk' }), [device('b')], POLICIES.default).devices).toHaveLength(1);
  });

  it('is refused with the edges in the way', () => {
    const { registry, device } = registryOn('a b', [
      ['a', 'b', 'peer-to-peer'],
      ['b', 'host', 'interrupts'],
    ]);
    const error = thrownBy(() => registry.claim(vfio(), [device('a')], POLICIES.default));
    expect(error.message).toBe(
      'EPERM: under policy default a reaches the host (peer-to-peer, interrupts): take these away, or claim under a policy that accepts them',
    );
    const kinds = (error.operands.edges as readonly { kind: string }[]).map((edge) => edge.kind);
    expect(kinds).toEqual(['peer-to-peer', 'interrupts']);
    expect([registry.claims, registry.groupOf(device('a'))?.manager]).toEqual([[], undefined]);
    expect(registry.claim(vfio(), [device('a')], POLICIES.lab).devices).toHaveLength(2);
  });

  it('refuses nothing, what is gone, and a policy that accepts what none can', () => {
    const { registry, machine, device } = registryOn('a b', [['a', 'b', 'peer-to-peer']]);
    expect(errnoOf(() => registry.claim(vfio(), [], POLICIES.lab))).toBe('EINVAL');
    const group = registry.groupOf(device('a'));
    const gone = device('b');
    machine.unplug(gone);
    machine.unplug(device('a'));
    expect(errnoOf(() => registry.claim(vfio(), [gone], POLICIES.lab))).toBe('ENODEV');
    expect(thrownBy(() => registry.claim(vfio(), group === undefined ? [] : [group], POLICIES.lab)).message).toBe(
      'ENODEV: group ua/a is gone: ask groupOf for the group that its devices are in now',
    );
    const reckless: Policy = { name: 'reckless', acceptances: [{ kind: 'untranslated' }] };
    expect(errnoOf(() => registry.claim(vfio(), [machine.plug('a')], reckless))).toBe('EINVAL');
    expect(errnoOf(() => registry.setPolicy(reckless))).toBe('EINVAL');
    expect(errnoOf(() => createRegistry(machine, { policy: reckless }))).toBe('EINVAL');
  });

  it('refuses a device of a domain that reaches beyond the claim', () => {
    const { registry, device } = registryOn('a b', []);
    const domain = registry.groupOf(device('a'))?.createDomain();
    const other = registry.groupOf(device('b'));
    if (other !== undefined) domain?.attachGroup(other);
    const error = thrownBy(() => registry.claim(vfio(), [device('a')], POLICIES.default));
    expect(error.message).toBe(
      'EBUSY: domain ua/a also translates b, which would not be part of the claim: release the domain first, or claim that device as well',
    );
    expect(registry.claim(vfio(), [device('a'), device('b')], POLICIES.default).devices).toHaveLength(2);
  });

  it('stands under its own policy whatever that of the registry becomes', () => {
    const { registry, device, heard } = registryOn('a b', [['a', 'b', 'forged-requester']]);
    const claim = registry.claim(vfio(), [device('a')], POLICIES.default);
    heard();
    registry.setPolicy(POLICIES.strict);
    expect(heard()).toEqual(['policy-changed']);
    expect([claim.standing, claim.losses, claim.devices.length]).toEqual([true, [], 1]);
    claim.release();
    expect(registry.groupOf(device('a'))).toBe(registry.groupOf(device('b')));
  });

  it('loses what its policy accepted only until yesterday, and says so once', () => {
    const clock = { day: '2026-01-05' };
    const lost: string[] = [];
    const { registry, device, heard } = registryOn(
      'a b',
      [
        ['a', 'b', 'peer-to-peer'],
        ['a', 'host', 'interrupts'],
      ],
      {
        now: () => `${clock.day}T10:00:00Z`,
      },
    );
    const policy: Policy = {
      name: 'for now',
      acceptances: [
        { kind: 'peer-to-peer', until: '2026-01-05' },
        { kind: 'interrupts', until: '2026-01-06' },
      ],
    };
    const manager = vfio({ isolationLost: (_, losses) => lost.push(losses.map((l) => l.kind).join(' ')) });
    const claim = registry.claim(manager, [device('a')], policy);
    heard();
    clock.day = '2026-01-06';
    registry.refresh();
    registry.refresh();
    expect([heard(), lost, claim.losses]).toMatchObject([['isolation-lost'], ['device'], [{ other: device('b') }]]);
    clock.day = '2026-01-07';
    registry.refresh();
    expect([heard(), lost]).toEqual([['isolation-lost'], ['device', 'host device']]);
    expect(errnoOf(() => registry.claim(vfio(), [device('b')], policy))).toBe('EBUSY');
  });
});

describe('managers', () => {
  it('hold many claims, and domains over the groups of all', () => {
    const { registry, device, iommu } = registryOn('a b', []);
    const manager = vfio();
    for (const name of ['a', 'b']) registry.claim(manager, [device(name)], POLICIES.strict);
    const domain = registry.groupOf(device('a'))?.createDomain();
    const second = registry.groupOf(device('b'));
    if (second !== undefined) domain?.attachGroup(second);
    expect(iommu.log).toEqual(['attach a', 'attach b']);
    const [claim] = registry.claims;
    expect(claim?.manager).toBe(manager);
    expect(registry.claims.map((c) => c.manager)).toEqual([manager, manager]);
  });

  it('admit drivers: the gate, locked and blockers', () => {
    const { registry, machine, device, heard } = registryOn('a b bridge', [
      ['a', 'b', 'peer-to-peer'],
      ['b', 'bridge', 'peer-to-peer'],
    ]);
    machine.bind(device('a'), NVME);
    machine.bind(device('bridge'), NVME);
    const manager = vfio();
    expect(registry.mayBind(device('a'), NVME)).toBe(true);
    const claim = registry.claim(manager, [device('a')], POLICIES.strict);
    expect([registry.mayBind(device('b'), NVME), registry.mayBind(device('b'), VFIO_PCI)]).toEqual([false, true]);
    expect(registry.mayBind(device('bridge'), NVME)).toBe(true);
    expect([claim.locked, claim.blockers]).toEqual([false, [{ device: device('a'), driver: NVME }]]);
    machine.unbind(device('a'));
    expect([claim.locked, claim.blockers]).toEqual([true, []]);
    heard();
    machine.bind(device('a'), VFIO_PCI);
    expect([claim.locked, heard()]).toEqual([true, []]);
    manager.disallowDriver(VFIO_PCI);
    expect([claim.locked, registry.mayBind(device('a'), VFIO_PCI), manager.allowsDriver(VFIO_PCI)]).toEqual([
      false,
      false,
      false,
    ]);
    manager.allowDriver(VFIO_PCI);
    manager.allowDriver(VFIO_PCI);
    expect([claim.locked, [...manager.drivers]]).toEqual([true, [VFIO_PCI]]);
    heard();
    machine.bind(device('b'), NVME);
    expect(heard()).toEqual(['gate-bypassed']);
    claim.release();
    expect([claim.locked, registry.mayBind(device('b'), NVME)]).toEqual([false, true]);
    const gone = device('b');
    machine.unplug(gone);
    expect(errnoOf(() => registry.mayBind(gone, NVME))).toBe('ENODEV');
  });
});

describe('release', () => {
  it('takes the groups out of their domains, and may be called once', () => {
    const { registry, device, iommu } = registryOn('a b', []);
    const claim = registry.claim(vfio(), [device('a'), device('b')], POLICIES.strict);
    const [first, second] = claim.groups;
    const domain = first?.createDomain();
    if (second !== undefined) domain?.attachGroup(second);
    domain?.map(0, 4096, 4096, 'rw');
    claim.release();
    expect(iommu.log).toEqual(['attach a', 'attach b', 'detach b', 'detach a']);
    expect([domain?.groups, domain?.resolve(0), first?.domain, claim.standing, claim.groups]).toEqual([
      [],
      undefined,
      undefined,
      false,
      [],
    ]);
    expect(thrownBy(() => claim.release()).message).toBe(
      'EINVAL: the claim of "vfio" was released before: claim again',
    );
  });

  const stuck = () => {
    const world = registryOn('a b', []);
    const manager = vfio();
    const claim = world.registry.claim(manager, [world.device('a')], POLICIES.strict);
    const rest = world.registry.claim(manager, [world.device('b')], POLICIES.strict);
    const domain = rest.groups[0]?.createDomain();
    if (claim.groups[0] !== undefined) domain?.attachGroup(claim.groups[0]);
    domain?.map(0x10000, 0x20000, 4096, 'rw');
    world.iommu.instead.set('detach a', refuse('stuck'));
    claim.release();
    return { ...world, a: world.device('a'), rest, domain };
  };
  const other = createManager({ name: 'spdk' });

  it('keeps off the bus, and from others, what an IOMMU does not let go of while the domain goes on', () => {
    const { registry, iommu, a } = stuck();
    expect([a.busMaster, registry.mayBind(a, NVME)]).toEqual([false, false]);
    const error = thrownBy(() => registry.claim(other, [a], POLICIES.strict));
    expect(error.message).toBe(
      'EBUSY: fake0 does not let go of a: it still reaches what domain ub/b maps: release that domain, or try again',
    );
    iommu.instead.clear();
    expect(registry.claim(other, [a], POLICIES.strict).devices).toEqual([a]);
    expect([a.busMaster, iommu.log.at(-1)]).toEqual([true, 'detach a']);
  });

  it('… until the domain ends', () => {
    const { registry, a, rest, domain } = stuck();
    rest.release();
    expect([a.busMaster, registry.mayBind(a, NVME), domain?.resolve(0x10000)]).toEqual([true, true, undefined]);
    expect(registry.claim(other, [a], POLICIES.strict).devices).toEqual([a]);
  });

  it('… until another domain has it, or the domain lets go of it', () => {
    const first = stuck();
    first.registry.groupOf(first.a)?.createDomain();
    expect([first.a.busMaster, first.domain?.stuck]).toEqual([true, []]);
    const second = stuck();
    expect(errnoOf(() => second.domain?.detachStuck())).toBe('EIO');
    expect(second.a.busMaster).toBe(false);
    second.iommu.instead.clear();
    second.domain?.detachStuck();
    expect([second.a.busMaster, second.registry.mayBind(second.a, NVME)]).toEqual([true, true]);
  });

  it('… also while its owner holds it', () => {
    const { registry, device, iommu } = registryOn('a b', []);
    const claim = registry.claim(vfio(), [device('a'), device('b')], POLICIES.strict);
    const [first, second] = claim.groups;
    const domain = first?.createDomain();
    if (second !== undefined) domain?.attachGroup(second);
    iommu.instead.set('detach b', refuse('stuck'));
    expect(errnoOf(() => second?.releaseDomain())).toBe('EIO');
    expect([device('b').busMaster, registry.mayBind(device('b'), VFIO_PCI)]).toEqual([false, false]);
    if (second !== undefined) domain?.attachGroup(second);
    expect([device('b').busMaster, registry.mayBind(device('b'), VFIO_PCI)]).toEqual([true, true]);
  });

  it('… until it is unplugged; a group of others does not take it in by hand', () => {
    const { registry, machine, a, rest } = stuck();
    const group = registry.createGroup({ name: 'mine', provider: 'me' });
    group.addDevice(machine.plug('c'));
    const claim = registry.claim(other, [group], POLICIES.strict);
    expect(errnoOf(() => group.addDevice(a))).toBe('EBUSY');
    expect([claim.devices.length, registry.groupOf(a)?.claim]).toEqual([1, undefined]);
    machine.unplug(a);
    const again = machine.plug('a');
    group.addDevice(again);
    rest.release();
    expect([a.busMaster, again.busMaster, claim.devices.length]).toEqual([false, true, 2]);
  });

  it('looks at the day first', () => {
    const clock = { day: '2026-01-05' };
    const policy: Policy = { name: 'for now', acceptances: [{ kind: 'peer-to-peer', until: '2026-01-05' }] };
    const { registry, device } = registryOn('a b c', [['a', 'b', 'peer-to-peer']], {
      policy,
      now: () => `${clock.day}T10:00:00Z`,
    });
    const claim = registry.claim(vfio(), [device('c')], POLICIES.strict);
    clock.day = '2026-01-06';
    claim.release();
    expect(registry.groupOf(device('a'))?.devices).toHaveLength(2);
    clock.day = '2026-01-05';
    registry.createGroup({ name: 'mine', provider: 'me' });
    expect(registry.groupOf(device('a'))?.devices).toHaveLength(1);
  });

  it('is complete although an IOMMU does not let go of a device, and says so', () => {
    const { registry, device, iommu, events } = registryOn('a', []);
    const claim = registry.claim(vfio(), [device('a')], POLICIES.strict);
    claim.groups[0]?.createDomain();
    iommu.instead.set('detach a', () => {
      throw new Error('stuck');
    });
    claim.release();
    expect(registry.claims).toEqual([]);
    expect(events.find((e) => e.kind === 'callback-failed')).toMatchObject({ callback: 'detach', of: 'fake0' });
  });
});
