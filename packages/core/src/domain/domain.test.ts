import { describe, expect, it } from 'vitest';
import { deviceNamed, fakeIommu, groupNamed, refuse } from '../testing/fake-iommu.ts';
import { errnoOf, thrownBy } from '../testing/thrown-by.ts';
import { createDomain, releaseDomain } from './domain.ts';

describe('createDomain', () => {
  it('attaches all devices of the group in their order', () => {
    const ops = fakeIommu();
    const group = groupNamed('g', ops, 'abc');
    const domain = createDomain(group);
    expect(ops.log).toEqual(['attach a', 'attach b', 'attach c']);
    expect(group.domain).toBe(domain);
    expect(domain.groups).toEqual([group]);
    expect(domain.devices).toEqual(group.devices);
  });

  it('gives a domain that cannot be changed from outside', () => {
    const domain = createDomain(groupNamed('g', fakeIommu(), 'a'));
    for (const name of ['name', 'ops', 'map', 'mine']) expect(Reflect.set(domain, name, undefined)).toBe(false);
    expect(domain.name).toBe('g');
  });

  it('refuses a group without operations, without devices, or with a domain', () => {
    expect(errnoOf(() => createDomain(groupNamed('g', undefined, 'a')))).toBe('EINVAL');
    expect(errnoOf(() => createDomain(groupNamed('g', fakeIommu(), '')))).toBe('EINVAL');
    const group = groupNamed('g', fakeIommu(), 'a');
    createDomain(group);
    expect(thrownBy(() => createDomain(group)).message).toBe('EBUSY: group g is in domain g: release that first');
  });

  it('refuses operations of no IOMMU that there could be, and attaches nothing', () => {
    for (const wrong of [{ pageSizes: [] }, { pageSizes: [65536] }, { addressBits: 11 }, { addressBits: 48.5 }]) {
      const ops = fakeIommu(wrong);
      const group = groupNamed('g', ops, 'a');
      expect(errnoOf(() => createDomain(group))).toBe('EINVAL');
      expect([ops.log, group.domain]).toEqual([[], undefined]);
    }
  });

  it.each([0, 1, 2, 3])('rolls back in reverse order when device %i is refused', (position) => {
    const ops = fakeIommu();
    const names = 'abcd';
    const refused = names[position] as string;
    ops.instead.set(`attach ${refused}`, refuse('no'));
    const group = groupNamed('g', ops, names);
    const error = thrownBy(() => createDomain(group));
    expect(error).toMatchObject({ errno: 'EIO', cause: new Error('no'), operands: { stuck: [] } });
    const before = [...names.slice(0, position)];
    expect(ops.log).toEqual([...before.map((n) => `attach ${n}`), ...before.reverse().map((n) => `detach ${n}`)]);
    expect(group.domain).toBeUndefined();
    ops.instead.clear();
    expect(createDomain(group).devices).toHaveLength(4);
  });

  it('reports what could not be detached in the roll-back, and detaches the others', () => {
    const ops = fakeIommu();
    ops.instead.set('attach d', refuse('no'));
    ops.instead.set('detach b', refuse('hung'));
    const group = groupNamed('g', ops, 'abcd');
    const error = thrownBy(() => createDomain(group));
    expect(ops.log.slice(3)).toEqual(['detach c', 'detach a']);
    expect(error.operands.stuck).toEqual([{ device: group.devices[1], cause: new Error('hung') }]);
    expect(error.message).toContain('did not let go of b');
  });

  it('leaves nothing to reach for a device that is stuck in a domain that never came to be', () => {
    const ops = fakeIommu();
    ops.instead.set('attach a', (domain) => domain.map(0, 0, 4096, 'r'));
    ops.instead.set('attach b', refuse('no'));
    ops.instead.set('detach a', refuse('hung'));
    const { domain } = thrownBy(() => createDomain(groupNamed('g', ops, 'ab'))).operands as {
      domain: ReturnType<typeof createDomain>;
    };
    expect(domain.resolve(0)).toBeUndefined();
    expect(errnoOf(() => domain.map(0, 0, 4096, 'r'))).toBe('EINVAL');
  });
});

describe('attachGroup', () => {
  it('shares a domain between groups of the same operations', () => {
    const ops = fakeIommu();
    const [one, two] = [groupNamed('one', ops, 'a'), groupNamed('two', ops, 'bc')];
    const domain = createDomain(one);
    domain.attachGroup(two);
    expect(domain.devices.map((d) => d.name)).toEqual(['a', 'b', 'c']);
    expect(two.domain).toBe(domain);
  });

  it('refuses an empty group, one with a domain, and other operations', () => {
    const ops = fakeIommu();
    const domain = createDomain(groupNamed('one', ops, 'a'));
    expect(errnoOf(() => domain.attachGroup(groupNamed('two', ops, '')))).toBe('EINVAL');
    expect(errnoOf(() => domain.attachGroup(domain.groups[0] as never))).toBe('EINVAL');
    expect(errnoOf(() => domain.attachGroup(groupNamed('two', fakeIommu(), 'b')))).toBe('EIO');
    expect(errnoOf(() => domain.attachGroup(groupNamed('two', undefined, 'b')))).toBe('EIO');
  });

  it('leaves domain and mappings as they were when a device is refused', () => {
    const ops = fakeIommu();
    const domain = createDomain(groupNamed('one', ops, 'a'));
    domain.map(0, 0x10000, 4096, 'rw');
    ops.instead.set('attach c', refuse('no'));
    const two = groupNamed('two', ops, 'bc');
    expect(errnoOf(() => domain.attachGroup(two))).toBe('EIO');
    expect(two.domain).toBeUndefined();
    expect(domain.groups.map((g) => g.name)).toEqual(['one']);
    expect(domain.resolve(0)?.address).toBe(0x10000);
  });

  it('keeps a stuck device in mind until it is detached or attached after all', () => {
    const ops = fakeIommu();
    const domain = createDomain(groupNamed('one', ops, 'a'));
    ops.instead.set('attach c', refuse('no'));
    ops.instead.set('detach b', refuse('hung'));
    const two = groupNamed('two', ops, 'bc');
    expect(errnoOf(() => domain.attachGroup(two))).toBe('EIO');
    expect(domain.stuck.map((s) => s.device.name)).toEqual(['b']);
    ops.instead.delete('attach c');
    domain.attachGroup(two);
    expect(domain.stuck).toEqual([]);
    expect(thrownBy(() => domain.releaseGroup(two)).message).toContain('did not let go of b');
    ops.instead.clear();
    domain.releaseGroup(domain.groups[0] as never);
    expect(domain.stuck).toEqual([]);
    expect(ops.log.slice(-2)).toEqual(['detach a', 'detach b']);
  });
});

describe('release', () => {
  it('detaches in reverse order, and is over with the last group', () => {
    const ops = fakeIommu();
    const [one, two] = [groupNamed('one', ops, 'ab'), groupNamed('two', ops, 'c')];
    const domain = createDomain(one);
    domain.attachGroup(two);
    domain.map(0, 0, 2 ** 21, 'r');
    releaseDomain(one);
    expect(ops.log.slice(3)).toEqual(['detach b', 'detach a']);
    expect(domain.resolve(0)).toBeDefined();
    releaseDomain(two);
    expect(domain.resolve(0)).toBeUndefined();
    expect(domain.usage.mapped).toBe(0);
    expect(errnoOf(() => domain.attachGroup(one))).toBe('EINVAL');
    expect(errnoOf(() => domain.map(0, 0, 4096, 'r'))).toBe('EINVAL');
    expect(createDomain(one)).not.toBe(domain);
  });

  it('refuses a group that is in no domain, or in another', () => {
    const ops = fakeIommu();
    const [one, two] = [groupNamed('one', ops, 'a'), groupNamed('two', ops, 'b')];
    expect(errnoOf(() => releaseDomain(one))).toBe('EINVAL');
    const domain = createDomain(one);
    createDomain(two);
    expect(errnoOf(() => domain.releaseGroup(two))).toBe('EINVAL');
  });

  it('leaves alone a stuck device that another domain has by now', () => {
    const ops = fakeIommu();
    const [one, two] = [groupNamed('one', ops, 'a'), groupNamed('two', ops, 'b')];
    const domain = createDomain(one);
    domain.attachGroup(two);
    ops.instead.set('detach b', refuse('hung'));
    expect(errnoOf(() => releaseDomain(two))).toBe('EIO');
    ops.instead.clear();
    const other = createDomain(two);
    expect(domain.stuck).toEqual([]);
    releaseDomain(one);
    expect([other.devices.length, ops.log.at(-1)]).toEqual([1, 'detach a']);
  });

  it('takes the mappings out even when a device is stuck', () => {
    const ops = fakeIommu();
    const group = groupNamed('g', ops, 'ab');
    const domain = createDomain(group);
    domain.map(0, 0, 4096, 'r');
    ops.instead.set('detach b', refuse('hung'));
    expect(errnoOf(() => releaseDomain(group))).toBe('EIO');
    expect([group.domain, domain.resolve(0), ops.log.at(-1)]).toEqual([undefined, undefined, 'detach a']);
  });
});

describe('devices that come and go', () => {
  it('attaches and detaches one', () => {
    const ops = fakeIommu();
    const group = groupNamed('g', ops, 'a');
    const domain = createDomain(group);
    const b = deviceNamed('b');
    domain.attachDevice(group, b);
    expect(domain.devices.map((d) => d.name)).toEqual(['a', 'b']);
    domain.detachDevice(group, b);
    expect(ops.log).toEqual(['attach a', 'attach b', 'detach b']);
    expect(errnoOf(() => domain.detachDevice(group, b))).toBe('EINVAL');
  });

  it('does not count a refused device, and counts out a stuck one', () => {
    const ops = fakeIommu();
    const group = groupNamed('g', ops, 'a');
    const domain = createDomain(group);
    const b = deviceNamed('b');
    ops.instead.set('attach b', refuse('no'));
    expect(errnoOf(() => domain.attachDevice(group, b))).toBe('EIO');
    expect(domain.devices).toHaveLength(1);
    ops.instead.clear();
    domain.attachDevice(group, b);
    ops.instead.set('detach b', refuse('hung'));
    expect(errnoOf(() => domain.detachDevice(group, b))).toBe('EIO');
    expect(domain.devices).toHaveLength(1);
    expect(domain.stuck[0]?.device).toBe(b);
  });

  it('stays with the last device gone: an empty slot', () => {
    const ops = fakeIommu();
    const group = groupNamed('g', ops, 'a');
    const domain = createDomain(group);
    domain.map(0, 0, 4096, 'r');
    domain.detachDevice(group, group.devices[0] as never);
    expect(group.domain).toBe(domain);
    domain.attachDevice(group, deviceNamed('b'));
    expect(domain.resolve(0)).toBeDefined();
  });
});

describe('calls from within an attachment', () => {
  it('may map', () => {
    const ops = fakeIommu();
    ops.instead.set('attach a', (domain) => domain.map(0x1000, 0x1000, 4096, 'rw'));
    expect(createDomain(groupNamed('g', ops, 'a')).resolve(0x1000)?.address).toBe(0x1000);
  });

  it('may not attach, detach or release, and the outer call goes on', () => {
    const ops = fakeIommu();
    const [one, two] = [groupNamed('one', ops, 'ab'), groupNamed('two', ops, 'c')];
    const answers: string[] = [];
    ops.instead.set('attach a', (domain) => {
      answers.push(errnoOf(() => createDomain(one)));
      answers.push(errnoOf(() => domain.attachGroup(two)));
      answers.push(errnoOf(() => domain.releaseGroup(one)));
      answers.push(errnoOf(() => domain.attachDevice(one, deviceNamed('d'))));
      answers.push(errnoOf(() => domain.detachDevice(one, one.devices[0] as never)));
    });
    const domain = createDomain(one);
    expect(answers).toEqual(['EBUSY', 'EBUSY', 'EBUSY', 'EBUSY', 'EBUSY']);
    expect(domain.devices.map((d) => d.name)).toEqual(['a', 'b']);
    expect(two.domain).toBeUndefined();
  });
});

describe('translate', () => {
  const group = groupNamed('g', fakeIommu({ addressBits: 39 }), 'a');
  const domain = createDomain(group);
  const [device] = group.devices as [never];
  domain.map(0x1000, 0x9000, 4096, 'r');

  it('answers an address, or a fault that listeners hear of', () => {
    const heard: string[] = [];
    const stop = domain.onFault((f) => heard.push(`${f.device.name} ${f.access} ${f.address} ${f.reason}`));
    expect(domain.translate(device, 0x1234, 'read')).toBe(0x9234);
    expect(domain.translate(device, 0x1234, 'write')).toMatchObject({ kind: 'fault', reason: 'permission' });
    domain.translate(device, 0x2000, 'read');
    domain.translate(device, 0xfee0_1000, 'write');
    domain.translate(device, 2 ** 39, 'read');
    stop();
    domain.translate(device, 0x2000, 'read');
    expect(heard).toEqual([
      'a write 4660 permission',
      'a read 8192 not-mapped',
      'a write 4276097024 reserved',
      'a read 549755813888 width',
    ]);
  });

  it('lets the other listeners hear when one throws', () => {
    const heard: string[] = [];
    const stops = [domain.onFault(refuse('deaf')), domain.onFault((f) => heard.push(f.reason))];
    expect(() => domain.translate(device, 0, 'read')).toThrow(AggregateError);
    expect(heard).toEqual(['not-mapped']);
    for (const stop of stops) stop();
  });
});
