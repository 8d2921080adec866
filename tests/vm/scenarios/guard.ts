/**
 * @module What the host would lose is refused, in the words that say what it is.
 */
import assert from 'node:assert/strict';
import { claim, isogroups } from '../harness/command.ts';
import type { Guest } from '../harness/guest.ts';
import type { Scenario } from '../harness/scenario.ts';
import { INTEL_MACHINE, ROOT_ON_LVM, ROOT_ON_NVME, TWO_DISKS } from '../machines.ts';

export const GUARD: readonly Scenario[] = [
  {
    name: 'a disk with the root file system is refused',
    machine: ROOT_ON_NVME,
    run: async (guest) => {
      assert.match(await guest.sh('mount'), /nvme0n1p1 on \/ type ext4/);
      return refused(guest, '01:00.0', /the root file system is on nvme0n1p1/);
    },
  },
  {
    name: 'a disk with a logical volume with the root file system is refused',
    machine: ROOT_ON_LVM,
    run: async (guest) => {
      assert.match(await guest.sh('mount'), /system-root on \/ type ext4/);
      return refused(guest, '01:00.0', /the root file system is on .*system-root/);
    },
  },
  {
    name: 'a disk with swap is refused',
    machine: TWO_DISKS,
    run: async (guest) => {
      await guest.sh('partitioned /dev/nvme0n1; mkswap /dev/nvme0n1p1; swapon /dev/nvme0n1p1');
      const lines = await refused(guest, '01:00.0', /swap \/dev\/nvme0n1p1 is on nvme0n1p1 of 0000:01:00.0/);
      await guest.sh('swapoff /dev/nvme0n1p1');
      return lines;
    },
  },
  {
    name: 'a disk with an encrypted file system is refused',
    machine: TWO_DISKS,
    run: async (guest) => {
      await guest.sh(`
        set -e
        partitioned /dev/nvme0n1
        encrypted /dev/nvme0n1p1 secret
        /sbin/mke2fs -q -t ext4 /dev/mapper/secret
        mkdir -p /secret; mount -t ext4 /dev/mapper/secret /secret`);
      const lines = await refused(
        guest,
        '01:00.0',
        /\/secret is on dm-0 \(secret, encrypted\) on nvme0n1p1 of 0000:01:00.0/,
      );
      await guest.sh('umount /secret; dmsetup remove secret');
      return lines;
    },
  },
  {
    name: 'one disk of a mirror is refused, and the mirror does without it',
    machine: TWO_DISKS,
    leavesTraces: true,
    run: async (guest) => {
      await guest.sh(`
        set -e
        for disk in /dev/nvme0n1 /dev/nvme1n1; do partitioned $disk; done
        mdadm --create /dev/md0 --run --assume-clean --level=1 --raid-devices=2 /dev/nvme0n1p1 /dev/nvme1n1p1
        /sbin/mke2fs -q -t ext4 /dev/md0
        mkdir -p /srv; mount -t ext4 /dev/md0 /srv
        echo kept > /srv/file; sync`);
      const degraded = /\/srv is on md0 \(raid1\) on nvme0n1p1 .*and goes on without it: 1 in-sync member of md0 stays/;
      await refused(guest, '01:00.0', degraded);
      const both = await isogroups(guest, 'plan 01:00.0 02:00.0', 1);
      assert.match(both, /\/srv is on md0 \(raid1\) on nvme/);
      assert.doesNotMatch(both, /goes on without it/);
      await claim(guest, '01:00.0 --lose mount:/srv');
      assert.equal(
        await guest.sh('echo 3 > /proc/sys/vm/drop_caches; echo more >> /srv/file; sync; cat /srv/file'),
        'kept\nmore',
      );
      // Now there is nothing that it could go on with.
      return refused(guest, '02:00.0', /\/srv is on md0 \(raid1\) on nvme1n1p1 of 0000:02:00.0 \[/);
    },
  },
  {
    name: 'a network card with the default route is refused',
    machine: INTEL_MACHINE,
    run: async (guest) => {
      await guest.sh(`
        ip link set eth0 up
        ip addr add 10.0.0.2/24 dev eth0
        ip route add default via 10.0.0.1`);
      const lines = await refused(guest, '02:00.0', /default route/);
      await guest.sh('ip addr flush dev eth0; ip link set eth0 down');
      return lines;
    },
  },
];

/** Nothing is changed, and the sentence is there. */
async function refused(guest: Guest, target: string, sentence: RegExp): Promise<readonly string[]> {
  await guest.sh('listing > /tmp/home');
  const text = await isogroups(guest, `claim ${target} --yes`, 1);
  assert.match(text, sentence);
  assert.match(text, /nothing was changed/);
  await guest.sh('settles /tmp/home 0');
  return [];
}
