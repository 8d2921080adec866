/**
 * @module Unbinding that does not end: the command ends all the same, and says what holds it.
 */
import assert from 'node:assert/strict';
import { claim, isogroups } from '../harness/command.ts';
import type { Scenario } from '../harness/scenario.ts';
import { SLOW_DISK, SMALL_MACHINE } from '../machines.ts';

/** The deadline of one write is 20 s; around it are the start of the command and what it looks at. */
const DEADLINE_SECONDS = 45;

export const WAITING: readonly Scenario[] = [
  {
    name: 'a driver that does not let go',
    machine: SLOW_DISK,
    seconds: 240,
    run: async (guest) => {
      await guest.sh('listing > /tmp/home');
      // What was written is to go to the disk, which does not answer; unbinding waits for that.
      await guest.sh('dd if=/dev/zero of=/dev/nvme0n1 bs=64k count=16 > /dev/null 2>&1 & sleep 2');
      const start = performance.now();
      const { code, stdout, stderr } = await guest.run('isogroups claim 01:00.0 --yes', DEADLINE_SECONDS);
      const seconds = (performance.now() - start) / 1000;
      assert.equal(code, 1, stdout + stderr);
      assert.match((stdout + stderr).replace(/\s+/g, ' '), /stuck in the kernel/);
      await guest.sh(`grep -q '"kind":"stuck"' /var/lib/isogroups/journal`);

      await guest.monitor.execute('block_set_io_throttle', {
        device: 'disk1',
        ...{ bps: 0, bps_rd: 0, bps_wr: 0, iops: 0, iops_rd: 0, iops_wr: 0 },
      });
      await guest.sh('while [ -e $PCI/0000:01:00.0/driver ]; do sleep 0.2; done');
      await isogroups(guest, 'recover --yes');
      await guest.sh('settles /tmp/home');
      return [`the command ended after ${seconds.toFixed(0)} s; once the disk answered, recover brought it home`];
    },
  },
  {
    name: 'a release while somebody uses the devices',
    machine: SMALL_MACHINE,
    run: async (guest) => {
      await guest.sh('listing > /tmp/home');
      const held = await claim(guest, '01:00.0 --with all');
      await guest.sh('sleep 600 7<> /dev/vfio/$(group_of 0000:01:00.0) > /dev/null 2>&1 & echo $! > /tmp/user');
      assert.match(await isogroups(guest, `release ${held} --yes`, 1), /is in use by .*sleep/);
      assert.equal(await guest.sh('driver_of 0000:01:00.0'), 'vfio-pci');
      await guest.sh('kill $(cat /tmp/user)');
      await isogroups(guest, `release ${held} --yes`);
      await guest.sh('settles /tmp/home');
      return [];
    },
  },
];
