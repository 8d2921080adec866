/**
 * @module In the guest: a program that stays, as a server does, and claims through the library. `node
 * /claims-in-process.mjs <device> <rounds>` prints a line of JSON a round: milliseconds of the claim, of its journal from
 * the first line to the last, and of a shell script with the same writes.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { POLICIES, partition } from '../../../packages/core/src/index.ts';
import {
  claim,
  createJournalFile,
  createLiveKernelFiles,
  type Plan,
  planNow,
  readSigns,
  release,
  type World,
} from '../../../packages/host/src/index.ts';
import { readMachine } from '../../../packages/inventory/src/index.ts';
import { analyse } from '../../../packages/pci/src/index.ts';

const STATE = '/tmp/claims-in-process';

async function planOf(device: string, { files }: World): Promise<Plan> {
  const signs = readSigns(files.glance());
  const tree = files.look();
  const analysis = analyse(readMachine(tree, { kind: 'live', label: tree.label }));
  const { parties } = analysis.graph;
  const asked = Array.from({ length: parties.count }, (_, p) => p).filter((p) => parties.nameOf(p) === device);
  const groups = partition(analysis.graph, POLICIES.default);
  const rest = { driver: undefined, for: null, lose: [], confirmWithinMs: null };
  return planNow(analysis, groups, files, { ...rest, asked, with: 'all', signs });
}

/** Claims and gives back. @returns milliseconds */
async function claimed(plan: Plan, world: World): Promise<{ readonly claim: number; readonly journal: number }> {
  const start = performance.now();
  const outcome = await claim(plan, world);
  const took = performance.now() - start;
  if (outcome.kind !== 'claimed') throw new Error(JSON.stringify(outcome));
  const { id, openedAt, heldSince = '' } = outcome.claim;
  const back = await release(id, world);
  if (back.kind !== 'released' || back.home.kind !== 'home') throw new Error(JSON.stringify(back));
  return { claim: took, journal: Date.parse(heldSince) - Date.parse(openedAt) };
}

function script(text: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync('sh', ['-c', `. /functions; ${text}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${text}: ${stderr}`);
  return performance.now() - start;
}

async function main([device = '', rounds = '']: readonly string[]): Promise<void> {
  const world: World = { files: createLiveKernelFiles(), journal: createJournalFile(STATE) };
  try {
    for (let round = 0; round < Number(rounds); round++) {
      // As on a machine that has not made many claims yet.
      rmSync(STATE, { recursive: true, force: true });
      script('listing > /tmp/home');
      const plan = await planOf(device, world);
      const members = plan.claimed.map((m) => m.device).join(' ');
      await world.files.writer();
      // What Node has begun to compile while it planned is done then.
      await sleep(300);
      const ours = await claimed(plan, world);
      script('settles /tmp/home');
      const bare = script(`bare_writes ${members}`);
      script(`for device in ${members}; do to_host $device; done; settles /tmp/home`);
      console.log(JSON.stringify({ ...ours, script: bare }));
    }
  } finally {
    world.files.close();
  }
}

void main(process.argv.slice(2));
