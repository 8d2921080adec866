import { describe, expect, it } from 'vitest';
import { POLICIES } from '../policy.ts';
import { registryOn, vfio } from '../testing/registry-on.ts';
import { uuidV5 } from './uuid/uuid-v5.ts';

it('shows groups and devices as sysfs does, with links both ways', () => {
  const { registry, device } = registryOn('a b', [['a', 'b', 'peer-to-peer']]);
  registry.claim(vfio(), [device('a')], POLICIES.strict);
  expect(registry.tree()).toEqual({
    directories: [
      ...['isolation', 'devices', 'devices/pci', 'devices/pci/a', 'devices/pci/b'],
      ...['isolation/ua', 'isolation/ua/a', 'isolation/ua/a/devices'],
    ],
    links: [
      { path: 'isolation/ua/a/devices/a', target: '../../../../devices/pci/a' },
      { path: 'devices/pci/a/isolation_group', target: '../../../isolation/ua/a' },
      { path: 'isolation/ua/a/devices/b', target: '../../../../devices/pci/b' },
      { path: 'devices/pci/b/isolation_group', target: '../../../isolation/ua/a' },
    ],
    files: [
      { path: 'isolation/ua/a/uuid', text: `${uuidV5('ua/a')}\n` },
      { path: 'isolation/ua/a/manager', text: 'vfio\n' },
    ],
  });
});

it('numbers links that collide, and a link keeps its name while its device is in the group', () => {
  const { registry, machine, device } = registryOn('card', []);
  const links = () =>
    registry
      .tree()
      .links.map((link) => link.path)
      .filter((path) => path.startsWith('isolation/'));
  const [first] = ['0@foo', '0@bar', '0@baz'].map((name) => machine.plug(name, device('card')));
  const path = 'isolation/uc/card/devices';
  expect(links()).toEqual([`${path}/card`, `${path}/0`, `${path}/0.1`, `${path}/0.2`]);
  if (first !== undefined) machine.unplug(first);
  expect(links()).toEqual([`${path}/card`, `${path}/0.1`, `${path}/0.2`]);
  machine.plug('0@foo', device('card'));
  expect(links()).toEqual([`${path}/card`, `${path}/0.1`, `${path}/0.2`, `${path}/0`]);
});

describe('names', () => {
  it('are unique: two groups that begin with devices of one name are numbered', () => {
    const { registry, machine } = registryOn('x', []);
    machine.plug('0@foo');
    const second = machine.plug('0@bar');
    expect(registry.groupOf(second)?.name).toBe('no-iommu/0.1');
  });

  it('follow the lowest member, but not while somebody holds the group', () => {
    const { registry, machine, device, events } = registryOn('a b c', [
      ['a', 'b', 'peer-to-peer'],
      ['b', 'c', 'peer-to-peer'],
    ]);
    const group = registry.groupOf(device('c'));
    machine.unplug(device('a'));
    expect([group?.name, group?.uuid, registry.groupOf(device('c'))]).toEqual(['ub/b', uuidV5('ub/b'), group]);
    expect(events.at(-1)).toMatchObject({ kind: 'group-changed', group });
    expect(events.at(-2)).toEqual({ kind: 'group-renamed', group, from: 'ua/a' });
    const claim = registry.claim(vfio(), [device('c')], POLICIES.strict);
    machine.unplug(device('b'));
    expect(group?.name).toBe('ub/b');
    claim.release();
    expect(group?.name).toBe('uc/c');
  });
});
