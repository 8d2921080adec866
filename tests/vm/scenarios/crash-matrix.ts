/**
 * @module The command is killed at every moment between its steps. After `recover` the machine is what it was, or what
 * it was to become; never anything between.
 */
import assert from 'node:assert/strict';
import type { Guest } from '../harness/guest.ts';
import type { Scenario } from '../harness/scenario.ts';
import { SMALL_MACHINE } from '../machines.ts';

const HOME = '/tmp/home';
const HELD = '/tmp/held';
const CLAIM = 'claim 01:00.0 --with all --yes';
const RELEASE = 'release c1 --yes';
const STATE = '/var/lib/isogroups';
const TRACE = '/tmp/moments';

export const CRASH_MATRIX: readonly Scenario[] = (
  [
    { name: 'killed at every moment of a claim', from: 'home', killed: CLAIM },
    { name: 'killed at every moment of a release', from: 'held', killed: RELEASE },
    { name: 'killed at every moment of a recovery', from: 'torn', killed: 'recover --yes' },
  ] as const
).map(({ name, from, killed }) => ({
  name,
  machine: SMALL_MACHINE,
  kernels: ['6.12'],
  seconds: 300,
  run: async (guest) => {
    await prepare(guest);
    const moments = await momentsOf(guest, from, killed);
    const tally = { home: 0, held: 0 };
    for (const [index, moment] of moments.entries()) {
      const { code } = await guest.run(`${become(from)}\n${killAt(String(index + 1), killed)}`);
      assert.equal(code, 137, `not killed ${moment}`);
      tally[await recovered(guest, `${killed}, killed ${moment}`)] += 1;
    }
    return [
      `${moments.length} points tried, ${tally.home + tally.held} recovered: ${tally.home} at home, ${tally.held} held`,
    ];
  },
}));

function killAt(moment: string, words: string): string {
  return `KILL_AT=${moment} KILL_TRACE=${TRACE} node --require /kill-at.cjs /usr/lib/isogroups/isogroups.cjs ${words}`;
}

/** Listings and journals of the machine at home, after a claim, and in the middle of one that was killed. */
async function prepare(guest: Guest): Promise<void> {
  await guest.sh(`
    set -e
    ! [ -e /tmp/state-torn ] || exit 0
    listing > ${HOME}; rm -rf ${STATE} # so that the first claim is c1, whatever ran before
    isogroups ${CLAIM}
    listing > ${HELD}; cp -r ${STATE} /tmp/state-held
    isogroups ${RELEASE}
    settles ${HOME}; rm -r ${STATE}
    ! ${killAt('17', CLAIM)}
    cp -r ${STATE} /tmp/state-torn`);
  assert.equal(await guest.sh(`grep -c 'driver vfio-pci' ${HELD}`), '2');
}

/** The machine as it is at the start of each point: with plain writes, since that is not what is tried here. */
function become(from: 'home' | 'held' | 'torn'): string {
  const members = '0000:01:00.0 0000:01:00.1';
  const away = {
    home: '',
    held: 'for m in $members; do to_vfio $m; done',
    torn: 'for m in $members; do echo vfio-pci > $PCI/$m/driver_override; done',
  }[from];
  const journal = from === 'home' ? '' : `cp -r /tmp/state-${from} ${STATE}`;
  return `
    members='${members}'
    for m in $members; do to_host $m; done
    ${away}
    rm -rf ${STATE}; ${journal}`;
}

/** Names of the moments of a run that is not killed. */
async function momentsOf(guest: Guest, from: 'home' | 'held' | 'torn', words: string): Promise<string[]> {
  await guest.sh(`${become(from)}\n${killAt('0', words)}`);
  const moments = (await guest.sh(`cat ${TRACE}`)).split('\n');
  assert.ok(moments.length > 10, `only ${moments.length} moments: is anything wrapped?\n${moments.join('\n')}`);
  return moments;
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
