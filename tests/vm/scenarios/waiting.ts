/**
 * @module Unbinding that does not end: the command ends all the same, and says what holds it; and so do all others. Claims
 * that wait to be confirmed.
 */
import assert from 'node:assert/strict';
import { claim, isogroups } from '../harness/command.ts';
import type { Guest } from '../harness/guest.ts';
import type { Scenario } from '../harness/scenario.ts';
import { SLOW_DISK, SMALL_MACHINE } from '../machines.ts';

/** The deadline of one write is 20 s; around it are the start of the command and what it looks at. */
const DEADLINE_SECONDS = 45;

/** What is to be written goes to the disk, which does not answer; unbinding waits for that. */
const KEEP_BUSY = 'dd if=/dev/zero of=/dev/nvme0n1 bs=64k count=16 > /dev/null 2>&1 & sleep 2';

async function letTheDiskAnswer(guest: Guest): Promise<void> {
  await guest.monitor.execute('block_set_io_throttle', {
    device: 'disk1',
    ...{ bps: 0, bps_rd: 0, bps_wr: 0, iops: 0, iops_rd: 0, iops_wr: 0 },
  });
}

/** What it says has to be found in what a command prints. */
type Look = readonly [words: string, exitCode: number, says: RegExp];

/** Each ends soon, although whoever asks the kernel for the override of the disk may wait as long as the unbinding does. */
const LOOK_SECONDS = 20;

/** @returns how long the slowest took, in seconds */
async function lookAround(guest: Guest, looks: readonly Look[]): Promise<number> {
  let slowest = 0;
  for (const [words, exitCode, says] of looks) {
    const start = performance.now();
    const { code, stdout, stderr } = await guest.run(`isogroups ${words}`, LOOK_SECONDS);
    slowest = Math.max(slowest, (performance.now() - start) / 1000);
    const text = (stdout + stderr).replace(/\s+/g, ' ');
    assert.match(text, says, `isogroups ${words}`);
    assert.equal(code, exitCode, `isogroups ${words}\n${text}`);
  }
  return slowest;
}

/** What a user runs then, whoever unbinds. */
const LOOKS: readonly Look[] = [
  ['list', 0, /01:00\.0 .*QEMU NVM Express/],
  ['show 01:00.0', 0, /QEMU NVM Express/],
  ['plan 02:00.0', 0, /02:00\.0 can be handed over/],
  ['plan 01:00.0', 1, /taking 0000:01:00\.0 away, as it seems, and that does not come to an end/],
  ['doctor 01:00.0', 1, /being taken away.* waits until the requests to its disks have ended/],
  ['capture --force -o /tmp/then.tar.gz', 0, /devices/],
];

export const WAITING: readonly Scenario[] = [
  {
    name: 'looking at a device that somebody unbinds without an end',
    machine: SLOW_DISK,
    seconds: 240,
    run: async (guest) => {
      await guest.sh('listing > /tmp/home');
      await guest.sh(KEEP_BUSY);
      await guest.sh('(echo 0000:01:00.0 > /sys/bus/pci/drivers/nvme/unbind; touch /tmp/unbound) & sleep 2');
      const slowest = await lookAround(guest, [
        ...LOOKS,
        ['claims', 0, /No claims/],
        ['recover --yes', 0, /Nothing is under way/],
      ]);
      await letTheDiskAnswer(guest);
      // Not before the kernel is through: until then the device still has its driver to it, and no other looks at it.
      await guest.sh('while [ ! -e /tmp/unbound ]; do sleep 0.2; done');
      await guest.sh('echo 0000:01:00.0 > /sys/bus/pci/drivers_probe; settles /tmp/home');
      return [`list, show, plan, doctor, capture, claims and recover ended, the slowest after ${slowest.toFixed(1)} s`];
    },
    // The disk answers for good now.
    leavesTraces: true,
  },
  {
    name: 'a driver that does not let go',
    machine: SLOW_DISK,
    seconds: 300,
    run: async (guest) => {
      await guest.sh('listing > /tmp/home');
      await guest.sh(KEEP_BUSY);
      const start = performance.now();
      const { code, stdout, stderr } = await guest.run('isogroups claim 01:00.0 --yes', DEADLINE_SECONDS);
      const seconds = (performance.now() - start) / 1000;
      assert.equal(code, 1, stdout + stderr);
      assert.match((stdout + stderr).replace(/\s+/g, ' '), /stuck in the kernel/);
      await guest.sh(`grep -q '"kind":"stuck"' /var/lib/isogroups/journal`);
      const slowest = await lookAround(guest, [
        ...LOOKS,
        ['claims', 1, /interrupted.* Stuck in the kernel .*\(process \d+, since/],
        ['doctor 01:00.0', 1, /Stuck in the kernel, by the journal .*claim c1/],
        ['recover --yes', 1, /is not ended yet.* stuck in the kernel in a write to/],
      ]);

      await letTheDiskAnswer(guest);
      await guest.sh('while [ -e /sys/class/block/nvme0n1 ]; do sleep 0.2; done');
      await isogroups(guest, 'recover --yes');
      await guest.sh('settles /tmp/home');
      return [
        `the command ended after ${seconds.toFixed(0)} s; once the disk answered, recover brought it home`,
        `list, show, plan, doctor, capture, claims and recover ended, the slowest after ${slowest.toFixed(1)} s`,
      ];
    },
    leavesTraces: true,
  },
  {
    name: 'a claim that nobody confirms goes back by itself',
    machine: SMALL_MACHINE,
    run: async (guest) => {
      await guest.sh('listing > /tmp/home');
      const held = await claim(guest, '01:00.0 --with all --confirm-within 3s');
      // The command has ended, and with it the shell that it ran in.
      await guest.sh('settles /tmp/home 60', 90);
      assert.match(await isogroups(guest, `release ${held} --yes`, 1), /has ended/);
      const kept = await claim(guest, '01:00.0 --with all --confirm-within 20s');
      await isogroups(guest, `confirm ${kept}`);
      await guest.sh('sleep 25');
      assert.equal(await guest.sh('driver_of 0000:01:00.0'), 'vfio-pci');
      await isogroups(guest, `release ${kept} --yes`);
      await guest.sh('settles /tmp/home');
      return [];
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
