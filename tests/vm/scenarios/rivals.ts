/**
 * @module Two commands that want the same devices at once.
 */
import assert from 'node:assert/strict';
import { isogroups } from '../harness/command.ts';
import type { Scenario } from '../harness/scenario.ts';
import { SMALL_MACHINE } from '../machines.ts';

const ROUNDS = 5;

interface Held {
  readonly claim: string;
  readonly state: string;
}

export const RIVALS: readonly Scenario[] = [
  {
    name: 'of two claims at once exactly one wins',
    machine: SMALL_MACHINE,
    run: async (guest) => {
      await guest.sh('listing > /tmp/home');
      const winners: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const claimed = await Promise.all(
          ['one', 'another'].map((who) => guest.run(`isogroups claim 01:00.0 --with all --for ${who} --yes`)),
        );
        const said = claimed.map(({ code, stdout, stderr }) => `${code}: ${stdout}${stderr}`).join('\n');
        assert.deepEqual(claimed.map(({ code }) => code).sort(), [0, 1], said);
        assert.match(
          said.replace(/\s+/g, ' '),
          /another command acts now|another command is at work|belongs to claim|has driver .* now/,
        );
        winners.push(claimed.findIndex(({ code }) => code === 0));
        const held = JSON.parse((await guest.run('isogroups claims --json')).stdout);
        const names = held.claims.flatMap((c: Held) => (c.state === 'held' ? [c.claim] : []));
        assert.equal(names.length, 1, JSON.stringify(held));
        await isogroups(guest, `release ${names[0]} --yes`);
        await guest.sh('settles /tmp/home');
      }
      return [`${ROUNDS} rounds, one winner each: ${winners.map((w) => w + 1).join(' ')}`];
    },
  },
];
