import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { claim, createJournalFile } from '@isogroups/host';
import { describe, expect, it } from 'vitest';
import { createFakeKernel } from '../../../../host/src/testing/fake-kernel.ts';
import { kernelFiles } from '../../../../host/src/testing/kernel-tree.ts';
import { createMemoryJournal } from '../../../../host/src/testing/memory-journal.ts';
import { machineOf, planFor } from '../../../../host/src/testing/scenarios.ts';
import { temporaryDirectory } from '../../../../inventory/src/testing/temporary-directory.ts';
import { treeEntries } from '../../../../inventory/src/testing/tree-entries.ts';
import { watched } from '../claim.ts';
import { startWatchdog } from './watchdog.ts';

const plan = planFor(machineOf(1), '0000:00:05.0', 1000);

it('says why it cannot be started, and the devices go back at once', async () => {
  const files = createFakeKernel(machineOf(1));
  const world = { files, journal: createMemoryJournal() };
  const outcome = await watched(await claim(plan, world), world, (id) =>
    startWatchdog(id, { globals: {} }, {}, ['/no/such/program', '']),
  );
  expect(outcome).toMatchObject({
    kind: 'rolled-back',
    failure: { kind: 'changed', says: expect.stringContaining('ENOENT') },
    home: { kind: 'home', differences: [] },
  });
  expect(files.state.devices).toEqual(machineOf(1).devices);
});

/** A program in the place of the command. */
const program = (text: string): readonly [string, string] => {
  const script = join(temporaryDirectory(treeEntries({ 'program.cjs': text })), 'program.cjs');
  return [process.execPath, script];
};

describe('a process that is started', () => {
  it('and dies at once is none: the devices go back', async () => {
    const files = createFakeKernel(machineOf(1));
    const world = { files, journal: createMemoryJournal() };
    const dying = program('process.exitCode = 3;');
    const outcome = await watched(await claim(plan, world), world, (id) =>
      startWatchdog(id, { globals: {} }, {}, dying),
    );
    expect(outcome).toMatchObject({
      kind: 'rolled-back',
      failure: { kind: 'changed', says: expect.stringContaining('it ended before it watched (exit code 3)') },
      home: { kind: 'home', differences: [] },
    });
    expect(files.state.devices).toEqual(machineOf(1).devices);
  });

  it('and says nothing in time is none either, and does not live on', async () => {
    const root = temporaryDirectory();
    const silent = program(
      `require('node:fs').writeFileSync('${root}/pid', String(process.pid)); setInterval(() => {}, 1000);`,
    );
    const why = await startWatchdog('c1', { globals: {} }, {}, silent, 2000);
    expect(why).toBe('it did not begin to watch within 2 s');
    const pid = Number(readFileSync(join(root, 'pid'), 'utf8'));
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 5000 }).toBe(false);
  });

  it('watches as soon as it says so, whatever becomes of it', async () => {
    const saying = program(`process.send('watching', () => process.disconnect());`);
    expect(await startWatchdog('c1', { globals: {} }, {}, saying)).toBeUndefined();
  });
});

const COMMAND = fileURLToPath(new URL('../../../dist/isogroups.cjs', import.meta.url));

// `npm test` builds first; vitest alone may run before anything was built.
it.skipIf(!existsSync(COMMAND))(
  'says why it does not watch what cannot be given back',
  async () => {
    const root = temporaryDirectory(treeEntries(kernelFiles(machineOf(1))));
    const options = { state: join(root, 'state') };
    const why = await startWatchdog('c7', { globals: { machine: root } }, options, [process.execPath, COMMAND]);
    expect(why).toBe('it ended before it watched (exit code 1)');
  },
  30_000,
);

it.skipIf(!existsSync(COMMAND))(
  'gives back what nobody confirmed, although another command acts at that time',
  async () => {
    // A machine of plain files, in which all is as it was before the claim.
    const root = temporaryDirectory(treeEntries(kernelFiles(machineOf(1))));
    const state = join(root, 'state');
    const journal = createJournalFile(state);
    journal.lock();
    const { policy, claimed: members, company, component, registers, confirmWithinMs } = plan;
    const opened = { for: null, policy, losses: [], confirmWithinMs, members, company, component, registers };
    journal.append({ kind: 'opened', claim: 'c1', boot: 'boot-1', ...opened }, true);
    journal.append({ kind: 'committed', claim: 'c1' }, true);
    const started = await startWatchdog('c1', { globals: { machine: root } }, { state }, [process.execPath, COMMAND]);
    expect(started).toBeUndefined();
    const kinds = (): string[] =>
      readFileSync(join(state, 'journal'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).kind);
    await sleep(2500);
    expect(kinds()).toEqual(['opened', 'committed']);
    journal.unlock();
    for (let waited = 0; kinds().at(-1) !== 'ended' && waited < 20_000; waited += 100) await sleep(100);
    expect(kinds()).toEqual(['opened', 'committed', 'returning', 'ended']);
  },
  30_000,
);
