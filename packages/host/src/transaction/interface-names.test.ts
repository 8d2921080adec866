import { describe, expect, it } from 'vitest';
import { memoryTreeOf } from '../../../inventory/src/testing/tree-entries.ts';
import type { ClaimedMember } from '../journal/record.ts';
import { differencesOf } from './differences.ts';
import { misnamed, nameSteps } from './interface-names.ts';
import { readBinding } from './observation.ts';

const binding = (interfaces: readonly string[], driver = 'e1000') => ({
  driver,
  override: null,
  virtualFunctions: null,
  interfaces,
});
const member = (device: string, interfaces: readonly string[]): ClaimedMember => ({
  device,
  identity: { path: '', ids: '', subsystem: '', class: '', serial: null },
  before: binding(interfaces),
  target: 'vfio-pci',
  kernelGroup: 1,
});

/** What becomes of interfaces when the steps are done one after the other. */
function renamed(names: readonly string[], wrong: Parameters<typeof nameSteps>[0]): string[] {
  const found = [...names];
  for (const { args } of nameSteps(wrong)) {
    const [, , , from, , to] = args as [string, string, string, string, string, string];
    expect(found).not.toContain(to);
    found[found.indexOf(from)] = to;
  }
  return found;
}

describe('interface names', () => {
  it('are swapped back, over names that nobody has', () => {
    const wrong = [
      ...misnamed(member('0000:05:01.0', ['eth3']), binding(['eth4'])),
      ...misnamed(member('0000:05:02.0', ['eth4']), binding(['eth3'])),
    ];
    expect(renamed(['eth4', 'eth3'], wrong)).toEqual(['eth3', 'eth4']);
  });

  it('are found where an attempt before was cut short', () => {
    const wrong = [
      ...misnamed(member('0000:05:01.0', ['eth3']), binding(['isogroups0'])),
      ...misnamed(member('0000:05:02.0', ['eth4']), binding(['eth3'])),
    ];
    expect(renamed(['isogroups0', 'eth3'], wrong)).toEqual(['eth3', 'eth4']);
  });

  it('are only set by who knows which interface is which', () => {
    expect(misnamed(member('0000:05:01.0', ['eth3']), binding(['eth3']))).toEqual([]);
    expect(misnamed(member('0000:05:01.0', ['eth3']), binding([], 'vfio-pci'))).toEqual([]);
    expect(misnamed(member('0000:05:01.0', ['eth3']), binding(['eth4', 'eth5']))).toEqual([]);
    expect(misnamed(member('0000:05:01.0', ['a', 'b']), binding(['b', 'c']))).toEqual([
      { device: '0000:05:01.0', is: 'c', was: 'a' },
    ]);
  });
});

describe('interfaces of a device', () => {
  const DEVICE = '0000:00:05.0';
  const place = `sys/bus/pci/devices/${DEVICE}`;

  it('are found below the device of virtio as well', () => {
    const tree = memoryTreeOf({ [`${place}/virtio1/net/eth0`]: null, [`${place}/virtio1/net/eth1`]: null });
    expect(readBinding(tree, DEVICE).interfaces).toEqual(['eth0', 'eth1']);
    expect(readBinding(memoryTreeOf({ [`${place}/net/eth2`]: null }), DEVICE).interfaces).toEqual(['eth2']);
  });

  it('that are more or fewer than before are reported', () => {
    const one = member(DEVICE, ['eth0', 'eth1']);
    const now = { ...one.before, interfaces: ['eth0'], identity: one.identity, group: 1 };
    const says = `${DEVICE} has interfaces eth0 and had eth0, eth1`;
    expect(differencesOf(one, now, undefined)).toEqual([{ device: DEVICE, says, retry: false }]);
  });
});
