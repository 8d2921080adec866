/**
 * @module Virtual functions: they go with their owner and come back with it, or one goes and its owner stays.
 */
import assert from 'node:assert/strict';
import { claim, isogroups } from '../harness/command.ts';
import type { Guest } from '../harness/guest.ts';
import type { GuestMachine } from '../harness/machine.ts';
import type { Scenario } from '../harness/scenario.ts';
import { INTEL_MACHINE, VIRTUAL_FUNCTIONS } from '../machines.ts';

interface Card {
  readonly name: string;
  readonly machine: GuestMachine;
  readonly owner: string;
  /** Two: the first is given to VFIO by hand, the second has `driver`. */
  readonly functions: readonly [string, string];
  readonly driver: string;
}

const CARDS: readonly Card[] = [
  {
    name: 'a network card',
    machine: VIRTUAL_FUNCTIONS,
    owner: '0000:01:00.0',
    functions: ['0000:01:10.0', '0000:01:10.2'],
    driver: 'igbvf',
  },
  {
    // No driver takes these until somebody gives them queues; one tries, which ends by itself.
    name: 'a disk',
    machine: INTEL_MACHINE,
    owner: '0000:0a:00.0',
    functions: ['0000:0a:00.1', '0000:0a:00.2'],
    driver: 'none',
  },
];

export const VIRTUAL_FUNCTION_SCENARIOS: readonly Scenario[] = CARDS.flatMap((card) => [
  {
    name: `${card.name} goes with its virtual functions and comes back with them`,
    machine: card.machine,
    run: (guest) => switchedOn(guest, card, () => goesWithAll(guest, card)),
  },
  {
    name: `a virtual function of ${card.name} goes alone`,
    machine: card.machine,
    run: (guest) => switchedOn(guest, card, () => goesAlone(guest, card)),
  },
]);

async function goesWithAll(guest: Guest, { owner, functions: [first, second] }: Card): Promise<readonly string[]> {
  const accepted = `--lose override:${first}`;
  const goAway = [first, second].map((device) => `${device} is a virtual function of ${owner} and goes away with it`);
  assert.deepEqual(goingAway(await isogroups(guest, `plan ${owner} ${accepted}`, 1)), goAway);
  const claimed = await isogroups(guest, `claim ${owner} --with ${first} ${accepted} --yes`, 1);
  assert.deepEqual(goingAway(claimed), goAway.slice(1));
  // Nor while somebody uses one: taking it away would wait for them.
  await guest.sh(`sleep 600 7<> /dev/vfio/$(group_of ${first}) > /dev/null 2>&1 & echo $! > /tmp/user`);
  assert.match(
    await isogroups(guest, `claim ${owner} --with all ${accepted} --yes`, 1),
    /sleep .* has open \/dev\/vfio/,
  );
  await guest.sh('kill $(cat /tmp/user); settles /tmp/home 0');

  const held = await claim(guest, `${owner} --with ${first} --with ${second} ${accepted}`);
  assert.equal(await guest.sh(`cat $PCI/${owner}/sriov_numvfs`), '0');
  assert.equal(await guest.sh(`ls -d $PCI/${first} $PCI/${second} 2> /dev/null | wc -l`), '0');
  await isViable(guest, owner);
  await isogroups(guest, `release ${held} --yes`);
  await guest.sh('settles /tmp/home');
  return [];
}

const goingAway = (text: string): readonly string[] => text.match(/\S+ is a virtual function of .*? with it/g) ?? [];

async function goesAlone(guest: Guest, { owner, functions: [, second] }: Card): Promise<readonly string[]> {
  const held = await claim(guest, second);
  await isViable(guest, second);
  const others = `grep -v -e ${second} -e /dev/vfio/`;
  await guest.sh(`listing | ${others} > /tmp/now; ${others} /tmp/home | diff - /tmp/now`);
  // Its owner would take it away from whoever has it.
  const text = await isogroups(guest, `claim ${owner} --with all --yes`, 1);
  assert.match(text, new RegExp(`${second} belongs to claim ${held}`));
  await isogroups(guest, `release ${held} --yes`);
  await guest.sh('settles /tmp/home');
  return [];
}

async function isViable(guest: Guest, device: string): Promise<void> {
  assert.equal(await guest.sh(`driver_of ${device}`), 'vfio-pci');
  assert.equal(await guest.sh(`vfio-status $(group_of ${device})`), 'viable');
}

/** With two virtual functions, one of them with VFIO and the other's interface renamed; afterwards as it was. */
async function switchedOn(
  guest: Guest,
  { owner, functions: [first, second], driver }: Card,
  run: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  await guest.sh(`
    set -e
    listing > /tmp/without
    virtual_functions_on ${owner} ${first} ${second} ${driver}
    listing > /tmp/home`);
  const lines = await run();
  await guest.sh(`virtual_functions_off ${owner}; settles /tmp/without`);
  return lines;
}
