/**
 * @module What the host would lose is refused, in the words that say what it is.
 */
import assert from 'node:assert/strict';
import { isogroups } from '../harness/command.ts';
import type { Guest } from '../harness/guest.ts';
import type { Scenario } from '../harness/scenario.ts';
import { INTEL_MACHINE, ROOT_ON_LVM, ROOT_ON_NVME } from '../machines.ts';

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
