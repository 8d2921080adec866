/**
 * @module The whole command as a process, beside an empty Node process and the loop over lspci that everyone pastes.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COMMAND = 'packages/cli/dist/isogroups.cjs';
const FIXTURE = 'fixtures/thirty-devices/snapshot.tar.gz';

interface Contender {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

export async function command(rounds: number): Promise<void> {
  if (!existsSync(COMMAND)) {
    console.log(`${COMMAND} is not there: npm run build`);
    return;
  }
  const root = mkdtempSync(join(tmpdir(), 'isogroups-root-'));
  try {
    mkdirSync(root, { recursive: true });
    execFileSync('tar', ['-xzf', FIXTURE, '-C', root]);
    const contenders: Contender[] = [
      { name: 'node -e 0', program: process.execPath, args: ['-e', '0'] },
      { name: 'isogroups --version', program: process.execPath, args: [COMMAND, '--version'] },
      { name: 'isogroups --machine <root>', program: process.execPath, args: [COMMAND, '--machine', root] },
      {
        name: 'isogroups --json --machine <root>',
        program: process.execPath,
        args: [COMMAND, '--json', '--machine', root],
      },
      { name: 'shell loop over lspci -nns', program: 'sh', args: ['-c', shellLoop(root)] },
    ];
    const hasLspci = spawnSync('lspci', ['--version']).status === 0;
    const present = contenders.filter((c) => hasLspci || c.program !== 'sh');
    report(present, measure(present, rounds));
    if (!hasLspci) console.log('lspci is not installed: the shell loop was left out');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** `for d in …/iommu_groups/*\/devices/*; do lspci -nns …; done`, on a captured root. */
function shellLoop(root: string): string {
  return `for d in ${root}/sys/kernel/iommu_groups/*/devices/*; do lspci -O sysfs.path=${root}/sys/bus/pci -nns "\${d##*/}"; done`;
}

/** Round by round, so that a slow moment of the machine hits all of them alike; the median counts. */
function measure(contenders: readonly Contender[], rounds: number): readonly number[] {
  const times = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [k, c] of contenders.entries()) {
      const start = process.hrtime.bigint();
      const { status, stderr } = spawnSync(c.program, [...c.args], { stdio: ['ignore', 'ignore', 'pipe'] });
      if (status !== 0) throw new Error(`${c.name} ended with ${status}: ${stderr}`);
      times[k]?.push(Number(process.hrtime.bigint() - start) / 1e6);
    }
  }
  return times.map((t) => t.toSorted((a, b) => a - b)[t.length >> 1] as number);
}

function report(contenders: readonly Contender[], medians: readonly number[]): void {
  const node = medians[0] as number;
  const loop = contenders.at(-1)?.program === 'sh' ? (medians.at(-1) as number) : undefined;
  console.log('process                               ms    : node -e 0   : shell loop');
  for (const [k, c] of contenders.entries()) {
    const ms = medians[k] as number;
    const ratios = [ms / node, ...(loop === undefined ? [] : [ms / loop])].map((r) => r.toFixed(2).padStart(12));
    console.log(`${c.name.padEnd(34)} ${ms.toFixed(1).padStart(7)} ${ratios.join(' ')}`);
  }
}
