/**
 * @module Devices of each kind go to VFIO and come back, and nothing else changes.
 */
import assert from 'node:assert/strict';
import { claim, isogroups } from '../harness/command.ts';
import type { Guest } from '../harness/guest.ts';
import type { Scenario } from '../harness/scenario.ts';
import { AMD_MACHINE, INTEL_MACHINE } from '../machines.ts';

/** What is taken, and all that has to move. */
const KINDS = [
  { name: 'an NVMe disk', target: '0000:01:00.0', members: ['0000:01:00.0'] },
  { name: 'a network card', target: '0000:02:00.0', members: ['0000:02:00.0'] },
  {
    name: 'a card of four functions',
    target: '0000:03:00.0',
    members: ['0000:03:00.0', '0000:03:00.1', '0000:03:00.2', '0000:03:00.3'],
  },
  { name: 'a group of three with a bridge', target: '0000:05:01.0', members: ['0000:05:01.0', '0000:05:02.0'] },
];

export const HANDOVER: readonly Scenario[] = [INTEL_MACHINE, AMD_MACHINE].flatMap((machine) =>
  KINDS.map(({ name, target, members }) => ({
    name: `claim and release ${name}`,
    machine,
    run: async (guest) => {
      await guest.sh('listing > /tmp/home');
      const held = await claim(guest, `${target} --with all`);
      await isHeld(guest, members);
      await isogroups(guest, `release ${held} --yes`);
      await guest.sh('settles /tmp/home');
      return [];
    },
  })),
);

/** The kernel says that VFIO takes the group, and nobody but the members has another driver than before. */
async function isHeld(guest: Guest, members: readonly string[]): Promise<void> {
  assert.equal(await guest.sh(`vfio-status $(group_of ${members[0]})`), 'viable');
  for (const member of members) assert.equal(await guest.sh(`driver_of ${member}`), 'vfio-pci', member);
  const others = members.map((member) => `-e ${member}`).join(' ');
  await guest.sh(`
    listing | grep ' driver ' | grep -vF ${others} > /tmp/now
    grep ' driver ' /tmp/home | grep -vF ${others} | diff - /tmp/now`);
}
