import { describe, expect, it } from 'vitest';
import { POLICIES } from '../policy.ts';
import { refuse } from '../testing/fake-iommu.ts';
import type { Fact } from '../testing/fake-machine.ts';
import { NVME, registryOn, VFIO_PCI, vfio } from '../testing/registry-on.ts';
import { errnoOf, thrownBy } from '../testing/thrown-by.ts';
import { createManager } from './manager.ts';

describe('a device that is added to a claimed group', () => {
  it('enters the domain at once, binds to the drivers of the manager only, and the manager hears of it', () => {
    const { registry, machine, iommu, device, heard } = registryOn('a', [['a', 'b', 'peer-to-peer']]);
    const told: string[] = [];
    const manager = vfio({
      deviceAdded: (d, group, claim) => told.push(`${d.name} ${group.name} ${claim.devices.length}`),
    });
    const claim = registry.claim(manager, [device('a')], POLICIES.strict);
    const domain = claim.groups[0]?.createDomain();
    heard();
    const b = machine.plug('b');
    expect(iommu.log).toEqual(['attach a', 'attach b']);
    expect([registry.groupOf(b), registry.domainOf(b), told]).toEqual([claim.groups[0], domain, ['b ua/a 2']]);
    expect([registry.mayBind(b, NVME), registry.mayBind(b, VFIO_PCI)]).toEqual([false, true]);
    expect(heard()).toEqual(['group-changed']);
  });

  it('comes back to the slot that it was pulled from, although nothing was left there', () => {
    const { registry, machine, device, iommu, heard } = registryOn('port', []);
    const nvme = machine.plug('nvme', device('port'));
    const told: string[] = [];
    const manager = vfio({
      deviceAdded: (d) => told.push(`+${d.name}`),
      deviceRemoving: (d, group, claim) => told.push(`-${d.name} ${group.devices.length} ${claim.standing}`),
    });
    const claim = registry.claim(manager, [nvme], POLICIES.strict);
    const [group] = claim.groups;
    const domain = group?.createDomain();
    heard();
    machine.unplug(nvme);
    expect([group?.devices, group?.present, group?.name, claim.groups, claim.devices]).toEqual([
      [],
      true,
      'un/nvme',
      [group],
      [],
    ]);
    const back = machine.plug('nvme', device('port'));
    expect([registry.groupOf(back), registry.domainOf(back), told]).toEqual([group, domain, ['-nvme 1 true', '+nvme']]);
    expect(iommu.log).toEqual(['attach nvme', 'detach nvme', 'attach nvme']);
    expect(heard()).toEqual(['group-changed', 'group-changed']);
    machine.unplug(back);
    claim.release();
    expect([group?.present, domain?.groups]).toEqual([false, []]);
  });
});

it('a place belongs to whoever had it last', () => {
  const facts: Fact[] = [];
  const { registry, machine, device } = registryOn('a b', facts);
  registry.claim(createManager({ name: 'spdk' }), [device('a')], POLICIES.strict);
  const last = registry.claim(vfio(), [device('b')], POLICIES.strict);
  machine.unplug(device('a'));
  facts.push(['a', 'b', 'peer-to-peer']);
  const again = machine.plug('a');
  expect(registry.quarantined.get(again)?.kind).toBe('joins-claims');
  registry.admit(again, last);
  machine.unplug(again);
  facts.pop();
  expect(registry.groupOf(machine.plug('a'))?.claim).toBe(last);
});

describe('quarantine', () => {
  it('keeps out a device whose attachment fails, and rolls back what was done for it', () => {
    const { registry, machine, iommu, device, heard } = registryOn('a', [['a', 'b', 'peer-to-peer']]);
    const claim = registry.claim(vfio(), [device('a')], POLICIES.strict);
    const domain = claim.groups[0]?.createDomain();
    iommu.instead.set('attach b', refuse('no'));
    heard();
    const b = machine.plug('b');
    expect(registry.quarantined.get(b)).toMatchObject({ kind: 'attach-failed', domain });
    expect([b.busMaster, registry.groupOf(b), registry.mayBind(b, VFIO_PCI)]).toEqual([false, undefined, false]);
    expect([claim.devices, domain?.devices, iommu.log]).toEqual([[device('a')], [device('a')], ['attach a']]);
    expect(heard()).toEqual(['quarantined']);
    expect(thrownBy(() => registry.admit(b, claim)).message).toBe(
      'EIO: domain ua/a refused b again: see the cause; release the domain, or leave the device where it is',
    );
    expect(thrownBy(() => registry.claim(vfio(), [b], POLICIES.lab)).message).toMatch(
      /^EPERM: device b is in quarantine/,
    );
    iommu.instead.clear();
    registry.admit(b, claim);
    expect([b.busMaster, registry.domainOf(b), registry.quarantined.size]).toEqual([true, domain, 0]);
    expect(heard()).toEqual(['group-changed', 'quarantine-ended']);
    expect(errnoOf(() => registry.admit(b))).toBe('EINVAL');
  });

  it.each([0, 1, 2])('rolls back whatever device is refused: %i of three that arrive', (refused) => {
    const names = ['b', 'c', 'd'];
    const { registry, machine, iommu, device } = registryOn(
      'a',
      names.map((name) => ['a', name, 'peer-to-peer'] as const),
    );
    const claim = registry.claim(vfio(), [device('a')], POLICIES.strict);
    claim.groups[0]?.createDomain();
    iommu.instead.set(`attach ${names[refused]}`, refuse('no'));
    for (const name of names) machine.plug(name);
    const inside = ['a', ...names.filter((_, k) => k !== refused)];
    expect(claim.devices.map((d) => d.name)).toEqual(inside);
    expect(claim.groups[0]?.domain?.devices.map((d) => d.name)).toEqual(inside);
  });

  const between = () => {
    const world = registryOn('a c', [
      ['a', 'b', 'peer-to-peer'],
      ['b', 'c', 'peer-to-peer'],
    ]);
    const first = world.registry.claim(vfio(), [world.device('a')], POLICIES.strict);
    const second = world.registry.claim(createManager({ name: 'spdk' }), [world.device('c')], POLICIES.strict);
    return { ...world, first, second, b: world.machine.plug('b') };
  };

  it('keeps out a device that would join two claims, until one is released', () => {
    const { registry, b, first, second } = between();
    expect(registry.quarantined.get(b)).toEqual({ kind: 'joins-claims', claims: [first, second] });
    expect([first.losses, second.losses]).toEqual([[], []]);
    second.release();
    expect([registry.quarantined.size, registry.groupOf(b)?.claim, b.busMaster]).toEqual([1, undefined, false]);
    expect(registry.quarantined.get(b)).toMatchObject({ kind: 'opens-claim', claim: first });
    first.release();
    expect([registry.quarantined.size, registry.groupOf(b)?.devices.length, b.busMaster]).toEqual([0, 3, true]);
  });

  it('… until what it would join is unplugged', () => {
    const { registry, machine, b, first, device } = between();
    machine.unplug(device('c'));
    expect([registry.quarantined.size, registry.groupOf(b)?.claim]).toEqual([0, first]);
  });

  it('… until it is unplugged itself', () => {
    const { registry, machine, b, events } = between();
    machine.unplug(b);
    expect(registry.quarantined.size).toBe(0);
    expect(events.at(-1)).toEqual({ kind: 'quarantine-ended', device: b, how: 'unplugged' });
  });

  it('… until somebody decides, and then both hear what they lost', () => {
    const { registry, b, first, second, events } = between();
    registry.admit(b, first);
    expect(registry.groupOf(b)?.claim).toBe(first);
    const lost = events.filter((e) => e.kind === 'isolation-lost').map((e) => ('claim' in e ? e.claim : undefined));
    expect(new Set(lost)).toEqual(new Set([first, second]));
    expect(second.losses.map((l) => l.kind === 'device' && l.other.name)).toEqual(['a', 'b']);
    first.release();
    expect(errnoOf(() => registry.admit(b, first))).toBe('EINVAL');
  });

  it('keeps out a device that would open a claim to the host, or to what is nobody’s', () => {
    const { registry, machine, device } = registryOn('a free', [
      ['a', 'b', 'peer-to-peer'],
      ['b', 'host', 'untranslated'],
      ['a', 'c', 'peer-to-peer'],
      ['c', 'free', 'peer-to-peer'],
    ]);
    const claim = registry.claim(vfio(), [device('a')], POLICIES.strict);
    const b = machine.plug('b');
    const c = machine.plug('c');
    expect(registry.quarantined.get(b)).toMatchObject({ kind: 'opens-claim', obstacles: [{ kind: 'host' }] });
    expect(registry.quarantined.get(c)).toMatchObject({
      kind: 'opens-claim',
      obstacles: [{ kind: 'device', other: device('free') }],
    });
    expect([claim.losses, claim.devices.length]).toEqual([[], 1]);
  });

  it('keeps out a device between two domains', () => {
    const { registry, machine, device } = registryOn('a c', [
      ['a', 'b', 'peer-to-peer'],
      ['b', 'c', 'peer-to-peer'],
    ]);
    const domains = ['a', 'c'].map((name) => registry.groupOf(device(name))?.createDomain());
    const b = machine.plug('b');
    expect(registry.quarantined.get(b)).toEqual({ kind: 'joins-domains', domains });
    registry.groupOf(device('c'))?.releaseDomain();
    expect([registry.quarantined.size, registry.domainOf(b)]).toEqual([0, domains[0]]);
  });

  it('takes in what sits on a device in quarantine, and lets it out after it', () => {
    const { registry, machine, b, first, second } = between();
    const child = machine.plug('child@foo', b);
    expect(registry.quarantined.get(child)).toEqual({ kind: 'below', parent: b });
    expect(errnoOf(() => registry.admit(child))).toBe('EINVAL');
    second.release();
    first.release();
    expect(registry.groupOf(child)).toBe(registry.groupOf(b));
  });
});

describe('a device that goes', () => {
  it('takes along what sits on it, whether or not the machine says so', () => {
    const { registry, machine, device, iommu } = registryOn('a', []);
    const child = machine.plug('child@foo', device('a'));
    registry.groupOf(child)?.createDomain();
    machine.unplug(device('a'));
    expect([registry.groups, registry.groupOf(child), iommu.log.slice(2)]).toEqual([
      [],
      undefined,
      ['detach child', 'detach a'],
    ]);
  });

  it('is refused when it was never there, as is one that comes twice or before its parent', () => {
    const { machine, device } = registryOn('a', []);
    const stranger = { ...device('a') };
    expect(errnoOf(() => machine.unplug(stranger))).toBe('ENODEV');
    const [listener] = machine.listeners;
    expect(errnoOf(() => listener?.added(device('a')))).toBe('EEXIST');
    expect(errnoOf(() => listener?.added({ ...stranger, parent: stranger }))).toBe('EINVAL');
  });
});

it('reports what a change of registers takes from a claim, and what gives it back', () => {
  const facts: ['a', 'host', 'interrupts'][] = [];
  const { registry, machine, device, heard } = registryOn('a', facts);
  const claim = registry.claim(vfio(), [device('a')], POLICIES.default);
  heard();
  facts.push(['a', 'host', 'interrupts']);
  machine.change(device('a'));
  expect([heard(), claim.losses]).toMatchObject([['isolation-lost'], [{ kind: 'host' }]]);
  facts.pop();
  machine.change(device('a'));
  expect([heard(), claim.losses]).toEqual([['isolation-restored'], []]);
});
