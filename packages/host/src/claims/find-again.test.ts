import { expect, it } from 'vitest';
import { createFakeKernel } from '../testing/fake-kernel.ts';
import type { FakeDevice } from '../testing/kernel-state.ts';
import { kernelTree } from '../testing/kernel-tree.ts';
import { createMemoryJournal } from '../testing/memory-journal.ts';
import { machineOf, planFor } from '../testing/scenarios.ts';
import { claim } from '../transaction/commands.ts';
import { type ClaimState, claimsOf } from './claim-state.ts';
import { findAgain } from './find-again.ts';

const start = machineOf(2);

async function earlier(): Promise<ClaimState> {
  const world = { files: createFakeKernel(start), journal: createMemoryJournal() };
  await claim(planFor(start, '0000:00:05.0'), world);
  return claimsOf(world.journal.read().records)[0] as ClaimState;
}
const now = (change: (device: FakeDevice) => FakeDevice) =>
  kernelTree({ ...start, boot: 2, devices: start.devices.map(change) });
const first = (to: Partial<FakeDevice>) => (d: FakeDevice) => (d.address === '0000:00:05.0' ? { ...d, ...to } : d);

it('finds the devices of a claim after a restart', async () => {
  const found = findAgain(
    await earlier(),
    now((d) => ({ ...d, group: 9 })),
  );
  expect(found).toEqual({ devices: ['0000:00:05.0', '0000:00:05.1'], refusals: [] });
});

it('refuses another card in the slot, and shows the difference', async () => {
  const { devices, refusals } = findAgain(await earlier(), now(first({ serial: '77' })));
  expect(devices).toEqual(['0000:00:05.1']);
  expect(refusals).toMatchObject([{ kind: 'other-device', device: '0000:00:05.0' }]);
  expect(refusals[0]?.says).toMatch(/its serial was .*50.* and is .*77/);
});

it('refuses an empty slot', async () => {
  const { refusals } = findAgain(await earlier(), now(first({ present: false })));
  expect(refusals[0]?.says).toContain('nothing is in slot pci0000:00/05.0');
});
