import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { createSession } from '../session.ts';
import { inertMachine } from '../testing/inert-machine.ts';
import { runCommand } from '../testing/run-command.ts';
import { run } from './claim.ts';

const SIGNS = {
  'proc/uptime': '100.00 1.00',
  'sys/kernel/uevent_seqnum': '7',
  'proc/1/mountinfo': '22 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw',
  'proc/swaps': 'Filename Type Size Used Priority',
};

it.each([
  ['is looked at again: its events are counted from before it was read', '8', 'refused'],
  ['is not looked at again when nothing happened', '7', 'rolled-back'],
])('a machine that changes while it is read %s', async (_, events, outcome) => {
  const root = inertMachine(SIGNS);
  const state = join(root, 'state');
  const planned = await runCommand(['plan', '01:00.1', '--with', 'all', '--machine', root, '--json']);
  const lose = JSON.parse(planned.stdout).losses.map((l: { item: string }) => l.item);
  const terminal = { stdin: Readable.from([]), stderr: { write: () => true }, env: {} } as never;
  const session = createSession({ machine: root }, terminal);
  const analysis = async () => {
    const found = await session.analysis();
    // What only the second look can see: the first one has read the groups.
    writeFileSync(
      join(root, 'sys/kernel/iommu_groups/2/reserved_regions'),
      '0x000000007b800000 0x000000007f7fffff direct\n',
    );
    writeFileSync(join(root, 'sys/kernel/uevent_seqnum'), `${events}\n`);
    return found;
  };
  const options = { with: ['all'], lose, yes: true, state };
  const { data } = await run({ ...session, analysis }, { positional: ['01:00.1'], options } as never);
  expect(data).toMatchObject({ outcome });
  if (outcome === 'refused') {
    expect(data).toMatchObject({ refusals: [{ kind: 'direct-region' }] });
    expect(existsSync(join(state, 'journal'))).toBe(false);
  }
});
