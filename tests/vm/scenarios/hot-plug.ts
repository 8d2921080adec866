/**
 * @module Devices that go and come while a claim stands.
 */
import assert from 'node:assert/strict';
import { claim, isogroups } from '../harness/command.ts';
import type { Guest } from '../harness/guest.ts';
import type { Scenario } from '../harness/scenario.ts';
import { INTEL_MACHINE } from '../machines.ts';

export const HOT_PLUG: readonly Scenario[] = [
  {
    name: 'a claimed device is pulled out',
    machine: INTEL_MACHINE,
    run: async (guest) => {
      await guest.sh('listing > /tmp/empty');
      const device = await plugged(guest, { driver: 'e1000e', bus: 'rp10', romfile: '' });
      const held = await claim(guest, device);
      await unplugged(guest, device);
      assert.match(await isogroups(guest, 'claims', 1), new RegExp(`${device} is gone`));
      assert.match(await isogroups(guest, `release ${held} --yes`, 1), new RegExp(`${device} is gone`));
      await guest.sh('settles /tmp/empty');
      return [];
    },
  },
  {
    name: 'another device comes in the place of a claimed one',
    machine: INTEL_MACHINE,
    run: async (guest) => {
      await guest.sh('listing > /tmp/empty');
      const device = await plugged(guest, { driver: 'e1000e', bus: 'rp10', romfile: '' });
      const held = await claim(guest, device);
      await unplugged(guest, device);
      assert.equal(await plugged(guest, { driver: 'virtio-rng-pci', bus: 'rp10', romfile: '' }), device);
      const before = await guest.sh(`listing | grep ${device}`);
      assert.match(await isogroups(guest, `release ${held} --yes`, 1), new RegExp(`${device} is another device`));
      assert.equal(await guest.sh(`listing | grep ${device}`), before);
      await unplugged(guest, device);
      await guest.sh('settles /tmp/empty');
      return [];
    },
  },
  {
    name: 'a device comes into a claimed group',
    machine: INTEL_MACHINE,
    run: async (guest) => {
      await guest.sh('listing > /tmp/home');
      const held = await claim(guest, '05:01.0 --with all');
      const device = await plugged(guest, { driver: 'e1000', bus: 'pb4', addr: '0x3', romfile: '' });
      assert.equal(await guest.sh(`group_of ${device}`), await guest.sh('group_of 0000:05:01.0'));
      assert.match(await isogroups(guest, 'claims', 1), new RegExp(`${device} has come into the group`));
      await unplugged(guest, device);
      await isogroups(guest, `release ${held} --yes`);
      await guest.sh('settles /tmp/home');
      return [];
    },
  },
];

const ID = 'late';

/** @returns its address */
async function plugged(guest: Guest, device: Readonly<Record<string, string>>): Promise<string> {
  await guest.sh('ls $PCI > /tmp/devices');
  await guest.monitor.execute('device_add', { ...device, id: ID });
  return guest.sh(`
    until ls $PCI | diff /tmp/devices - > /tmp/difference; [ -s /tmp/difference ]; do sleep 0.2; done
    device=$(sed -n 's/^+\\([0-9]\\)/\\1/p' /tmp/difference)
    # The driver has it as well, where there is one.
    sleep 1
    echo $device`);
}

async function unplugged(guest: Guest, device: string): Promise<void> {
  const gone = guest.monitor.event('DEVICE_DELETED');
  await guest.monitor.execute('device_del', { id: ID });
  await gone;
  await guest.sh(`while [ -e $PCI/${device} ]; do sleep 0.2; done`);
}
