/**
 * @module The command is killed at every moment between its steps. After `recover` the machine is what it was, or what
 * it was to become; never anything between.
 */
import assert from 'node:assert/strict';
import type { Guest } from '../harness/guest.ts';
import type { KernelSeries } from '../harness/machine.ts';
import type { Scenario } from '../harness/scenario.ts';
import { EVERY_STEP } from '../machines.ts';

const HOME = '/tmp/home';
const HELD = '/tmp/held';
const CLAIM = 'claim 01:00.0 --with all --lose override:0000:01:10.2 --yes';
const RELEASE = 'release c1 --yes';
const STATE = '/var/lib/isogroups';
const TRACE = '/tmp/moments';
/** In the middle of a claim: one member has no driver, the other has its own still. */
const TORN = 'after /sys/bus/pci/drivers/igb/unbind';

/** At home, after a claim, and in the middle of one that was killed. */
type Situation = 'home' | 'held' | 'torn';

interface Killed {
  readonly name: string;
  readonly from: Situation;
  readonly killed: string;
  readonly kernels?: readonly KernelSeries[];
}

const KILLED: readonly Killed[] = [
  { name: 'killed at every moment of a claim', from: 'home', killed: CLAIM },
  { name: 'killed at every moment of a release', from: 'held', killed: RELEASE },
  // Under one kernel: what a recovery writes is a release, of which the others see all.
  { name: 'killed at every moment of a recovery', from: 'torn', killed: 'recover --yes', kernels: ['6.12'] },
];

export const CRASH_MATRIX: readonly Scenario[] = KILLED.map(({ name, from, killed, ...where }) => ({
  name,
  machine: EVERY_STEP,
  ...where,
  seconds: 480,
  run: async (guest) => {
    await prepare(guest);
    const { moments, steps } = await momentsOf(guest, from, killed);
    const tally = { home: 0, held: 0 };
    for (const [index, moment] of moments.entries()) {
      const { code } = await guest.run(`${become(from)}\n${killAt(index + 1, killed)}`);
      assert.equal(code, 137, `not killed ${moment}`);
      tally[await recovered(guest, `${killed}, killed ${moment}`)] += 1;
    }
    const all = `${moments.length} points tried (${steps} writes)`;
    return [`${all}, ${tally.home + tally.held} recovered: ${tally.home} at home, ${tally.held} held`];
  },
}));

/** @param moment counted from 1; 0: not killed */
function killAt(moment: number, words: string): string {
  return `KILL_AT=${moment} KILL_TRACE=${TRACE} node --require /kill-at.cjs /usr/lib/isogroups/isogroups.cjs ${words}`;
}

/** Listings and journals of the three situations. */
async function prepare(guest: Guest): Promise<void> {
  const { code } = await guest.run('[ -e /tmp/state-torn ]');
  if (code === 0) return;
  await guest.sh(`
    set -e
    ${AT_HOME}
    listing > ${HOME}
    ${killAt(0, CLAIM)}
    cp ${TRACE} /tmp/claim-moments
    listing > ${HELD}; cp -r ${STATE} /tmp/state-held
    isogroups ${RELEASE}
    settles ${HOME}; rm -r ${STATE}`);
  assert.equal(await guest.sh(`grep -c 'driver vfio-pci' ${HELD}`), '2');
  const moments = (await guest.sh('cat /tmp/claim-moments')).split('\n');
  assert.ok(moments.includes(TORN), moments.join('\n'));
  const killed = await guest.run(`${become('home')}\n${killAt(moments.indexOf(TORN) + 1, CLAIM)}`);
  assert.equal(killed.code, 137);
  await guest.sh(`cp -r ${STATE} /tmp/state-torn`);
}

const MEMBERS = '0000:01:00.0 0000:02:00.0';

/** Members with their drivers, two virtual functions, interfaces with names that no kernel gives, no VFIO. */
const AT_HOME = `
  for m in ${MEMBERS}; do to_host $m; done
  [ "$(cat $PCI/0000:01:00.0/sriov_numvfs)" = 2 ] || echo 2 > $PCI/0000:01:00.0/sriov_numvfs
  for m in 0000:01:10.0 0000:01:10.2; do
    [ "$(driver_of $m)" != none ] || echo $m > /sys/bus/pci/drivers/igbvf/bind
  done
  echo igbvf > $PCI/0000:01:10.2/driver_override
  named 0000:01:00.0 card
  named 0000:01:10.0 first
  named 0000:01:10.2 second
  ! [ -e /sys/module/vfio_pci ] || rmmod vfio_pci`;

/** The machine as it is at the start of each point: with plain writes, since that is not what is tried here. */
function become(from: Situation): string {
  const away = {
    home: '',
    held: `modprobe vfio-pci
      echo 0 > $PCI/0000:01:00.0/sriov_numvfs
      for m in ${MEMBERS}; do to_vfio $m; done`,
    torn: `echo 0 > $PCI/0000:01:00.0/sriov_numvfs
      for m in ${MEMBERS}; do echo vfio-pci > $PCI/$m/driver_override; done
      modprobe vfio-pci
      echo 0000:01:00.0 > /sys/bus/pci/drivers/igb/unbind`,
  }[from];
  const journal = from === 'home' ? '' : `cp -r /tmp/state-${from} ${STATE}`;
  return `${AT_HOME}\n${away}\nrm -rf ${STATE}; ${journal}`;
}

/** Names of the moments of a run that is not killed, and how many writes it announces. */
async function momentsOf(guest: Guest, from: Situation, words: string): Promise<{ moments: string[]; steps: number }> {
  await guest.sh(become(from));
  const before = await journalOf(guest);
  await guest.sh(killAt(0, words));
  const records = (await journalOf(guest)).slice(before.length);
  const steps = records.reduce((sum, { steps: announced = [] }) => sum + announced.length, 0);
  const moments = (await guest.sh(`cat ${TRACE}`)).split('\n');
  // At the start, in the middle of each record and after it, in the middle of each write and after it.
  assert.equal(moments.length, 1 + 2 * records.length + 2 * steps, `not every moment is seen:\n${moments.join('\n')}`);
  return { moments, steps };
}

async function journalOf(guest: Guest): Promise<readonly { readonly steps?: readonly unknown[] }[]> {
  const text = await guest.sh(`[ ! -e ${STATE}/journal ] || cat ${STATE}/journal`);
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
}

/** Recovers, and says where the machine is then: nowhere between. */
async function recovered(guest: Guest, what: string): Promise<'home' | 'held'> {
  const said = await guest.run('isogroups recover --yes');
  const home = await guest.run(`settles ${HOME} 1`);
  if (home.code === 0) return 'home';
  const held = await guest.run(`settles ${HELD} 1`);
  assert.equal(held.code, 0, `neither start nor goal after ${what}\n${said.stdout}${said.stderr}${held.stdout}`);
  return 'held';
}
