import { expect, it } from 'vitest';
import { createFakeKernel } from '../testing/fake-kernel.ts';
import { createMemoryJournal } from '../testing/memory-journal.ts';
import { machineOf, planFor } from '../testing/scenarios.ts';
import { claim, confirm, release } from './commands.ts';
import { untilOver } from './until-over.ts';

const FIRST = '0000:00:05.0';

async function claimed() {
  const world = { files: createFakeKernel(machineOf(2)), journal: createMemoryJournal() };
  await claim(planFor(machineOf(2), FIRST, 60_000), world);
  return world;
}

it('tries again, less and less often, until everything is home', async () => {
  const world = await claimed();
  const { files, journal } = world;
  const waited: number[] = [];
  files.faults = (_, { kind, device }) =>
    kind === 'write' && device === FIRST ? { kind: 'refuse', errno: 'EBUSY' } : undefined;
  journal.lock();
  const outcome = await untilOver(
    () => release('c1', world, 'unconfirmed'),
    async (ms) => {
      waited.push(ms);
      // Another command acts at first; then a device does not come home.
      if (waited.length === 2) journal.unlock();
      if (waited.length === 12) files.faults = () => undefined;
    },
  );
  expect(outcome).toMatchObject({ kind: 'released', home: { kind: 'home', differences: [] } });
  expect(files.state.devices).toEqual(machineOf(2).devices);
  expect(waited.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
  expect(waited.at(-1)).toBe(300_000);
});

it('ends with a confirmation, or with what another did', async () => {
  for (const other of [confirm, release]) {
    const world = await claimed();
    world.journal.lock();
    const outcome = await untilOver(
      () => release('c1', world, 'unconfirmed'),
      async () => {
        world.journal.unlock();
        await other('c1', world);
      },
    );
    expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ kind: 'not-held' }] });
  }
});
