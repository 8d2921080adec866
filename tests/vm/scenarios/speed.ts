/**
 * @module How long things take beside what people run instead, in the same guest, in turns.
 */
import assert from 'node:assert/strict';
import { isogroups } from '../harness/command.ts';
import type { Guest } from '../harness/guest.ts';
import type { Scenario } from '../harness/scenario.ts';
import { STEADY_INTEL_MACHINE, THIRTY_DEVICES } from '../machines.ts';

const ROUNDS = 5;
/** Rounds that are not counted: code that runs for the first time. */
const WARM_UP = 5;

export const SPEED: readonly Scenario[] = [
  {
    name: 'speed of a plan beside dpdk-devbind.py --status',
    machine: THIRTY_DEVICES,
    kernels: ['6.12'],
    run: async (guest) => {
      const disk = await guest.sh('ls /sys/bus/pci/drivers/nvme | grep ^0000: | tail -n 1');
      assert.match(await guest.sh('dpdk-devbind.py --status'), /Network devices using kernel driver/);
      const plan = `isogroups plan ${disk} --with all`;
      await guest.sh(plan);
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await milliseconds(guest, `measured ${plan}`));
        theirs.push(await milliseconds(guest, 'measured dpdk-devbind.py --status'));
      }
      const ratio = median(ours) / median(theirs);
      assert.ok(ratio <= 1, `slower: ${ours.join(' ')} ms, and ${theirs.join(' ')} ms`);
      return [`isogroups plan ${median(ours)} ms, dpdk-devbind.py ${median(theirs)} ms: ${ratio.toFixed(2)} of it`];
    },
  },
  {
    name: 'speed of a claim beside a script with the same writes',
    machine: STEADY_INTEL_MACHINE,
    kernels: ['6.12'],
    seconds: 600,
    run: async (guest) => {
      const text = await guest.sh(`node /claims-in-process.mjs 0000:03:00.0 ${WARM_UP + ROUNDS}`, 500);
      const rounds = text
        .split('\n')
        .slice(WARM_UP)
        .map((line) => JSON.parse(line) as Round);
      const script = median(rounds.map((round) => round.script));
      const claims = median(rounds.map((round) => round.claim));
      // Far from the bar of 1.2, since what a driver waits for is not the same twice.
      assert.ok(claims <= 1.5 * script, `slow: ${text}`);
      const beside = (ms: number) => `${ms.toFixed(0)} ms, ${(ms / script).toFixed(2)} of it`;

      await guest.sh('rm -rf /var/lib/isogroups; listing > /tmp/home');
      const commands: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        commands.push(await milliseconds(guest, 'measured isogroups claim 03:00.0 --with all --yes'));
        await isogroups(guest, `release c${round + 1} --yes`);
        await guest.sh('settles /tmp/home');
      }
      const node = await milliseconds(guest, 'measured node -e 0');
      return [
        `a shell script ${script.toFixed(0)} ms; claim() of a program that stays ${beside(claims)}, ` +
          `of that its journal from the first line to the last ${beside(median(rounds.map((r) => r.journal)))}`,
        `the whole command ${beside(median(commands))}; node -e 0 alone ${beside(node)}`,
      ];
    },
  },
];

async function milliseconds(guest: Guest, script: string): Promise<number> {
  return Number(await guest.sh(script));
}

/** A line of claims-in-process.ts. */
type Round = Readonly<Record<'claim' | 'journal' | 'script', number>>;

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;
}
