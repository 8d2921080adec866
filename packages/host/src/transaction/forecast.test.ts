import { describe, expect, it } from 'vitest';
import type { KernelFiles } from '../kernel-files/kernel-files.ts';
import type { WriteStep } from '../plan/step.ts';
import { createFakeKernel } from '../testing/fake-kernel.ts';
import { createMemoryJournal } from '../testing/memory-journal.ts';
import { machineOf, planFor } from '../testing/scenarios.ts';
import { runUntil } from '../testing/stopped.ts';
import { claimProtocol } from './claim-protocol.ts';
import { claim } from './commands.ts';
import { planRecovery, planRelease } from './forecast.ts';
import type { World } from './perform.ts';

const FIRST = '0000:00:05.0';
const SECOND = '0000:00:05.1';

/** Somebody else's write to the first member does not return. */
async function claimedAndHung() {
  const files = createFakeKernel(machineOf(2));
  const world = { files, journal: createMemoryJournal() };
  await claim(planFor(machineOf(2), FIRST, 1), world);
  files.faults = () => ({ kind: 'hang' });
  await files.write(`sys/bus/pci/devices/${FIRST}/driver_override`, 'x', 1);
  return world;
}

it.each([
  { name: 'release', plan: (world: World) => planRelease('c1', world) },
  { name: 'recovery', plan: planRecovery },
])(
  'a $name is refused while somebody makes a member hang: it would wait with it, and keep the lock',
  async ({ plan }) => {
    const world = await claimedAndHung();
    expect(await plan(world)).toMatchObject({ kind: 'refused', refusals: [{ kind: 'locked', device: FIRST }] });
    world.files.letGo(false);
    expect(await plan(world)).toMatchObject({ kind: 'dry-run', notes: [] });
  },
);

describe('a recovery does not ask for what a write is inside of, which would cost the time until it is known not to answer', () => {
  const plan = planFor(machineOf(2), FIRST);
  const [step] = plan.steps as readonly [WriteStep];
  const askedOf = async (world: World): Promise<readonly string[]> => {
    const asked: string[] = [];
    const lookPatiently: KernelFiles['lookPatiently'] = (devices) => {
      asked.push(...devices);
      return world.files.lookPatiently(devices);
    };
    const watched = { ...world, files: { ...world.files, lookPatiently } };
    expect(await planRecovery(watched)).toMatchObject({ kind: 'dry-run', claims: [{ id: 'c1' }], notes: [] });
    return asked;
  };
  const hanging = () => {
    const files = createFakeKernel(machineOf(2));
    files.faults = (operation) => (operation === 0 ? { kind: 'hang' } : undefined);
    return { files, journal: createMemoryJournal(), deadlines: { write: 1, run: 1, linger: 1 } };
  };

  it('where the journal has it as stuck', async () => {
    const world = hanging();
    expect(await claim(plan, world)).toMatchObject({ home: { kind: 'paused' } });
    expect(await askedOf(world)).toEqual([SECOND]);
    world.files.letGo(true);
    expect(await askedOf(world)).toEqual([FIRST, SECOND]);
  });

  it('where its command was killed', async () => {
    const world = hanging();
    for (let effects = 1; !world.journal.text.includes('"intent"'); effects++) {
      world.journal.text = '';
      world.journal.breakLock();
      await runUntil(claimProtocol(plan), world, effects);
    }
    await world.files.write(step.file, step.text, 1);
    expect(await askedOf(world)).toEqual([SECOND]);
  });
});
