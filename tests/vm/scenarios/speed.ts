/**
 * @module How long things take beside what people run instead, in the same guest, in turns.
 */
import assert from 'node:assert/strict';
import type { Guest } from '../harness/guest.ts';
import type { Scenario } from '../harness/scenario.ts';
import { INTEL_MACHINE, THIRTY_DEVICES } from '../machines.ts';

const ROUNDS = 5;
const CARD = '0000:03:00.0 0000:03:00.1 0000:03:00.2 0000:03:00.3';

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
    machine: INTEL_MACHINE,
    kernels: ['6.12'],
    seconds: 240,
    run: async (guest) => {
      await guest.sh('listing > /tmp/home');
      const home = `for device in ${CARD}; do to_host $device; done; settles /tmp/home`;
      const whole: number[] = [];
      const transaction: number[] = [];
      const bare: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        await guest.sh('rm -rf /var/lib/isogroups');
        whole.push(await milliseconds(guest, 'measured isogroups claim 03:00.0 --with all --yes'));
        transaction.push(journalled(await guest.sh('cat /var/lib/isogroups/journal')));
        await guest.sh(home);
        bare.push(await milliseconds(guest, `measured bare_writes ${CARD}`));
        await guest.sh(home);
      }
      await guest.sh('rm -rf /var/lib/isogroups');
      const ratio = (all: readonly number[]) => `${median(all)} ms, ${(median(all) / median(bare)).toFixed(2)} of it`;
      return [
        `the writes alone ${median(bare)} ms; from the first line of the journal to the last ${ratio(transaction)}; ` +
          `the whole command ${ratio(whole)}`,
      ];
    },
  },
];

async function milliseconds(guest: Guest, script: string): Promise<number> {
  return Number(await guest.sh(script));
}

/** From when a claim was opened to when it was committed. */
function journalled(journal: string): number {
  const times = journal.split('\n').map((line) => Date.parse((JSON.parse(line) as { at: string }).at));
  return Math.max(...times) - Math.min(...times);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;
}
