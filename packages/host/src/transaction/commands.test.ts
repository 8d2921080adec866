import { describe, expect, it } from 'vitest';
import { createFakeKernel } from '../testing/fake-kernel.ts';
import { createMemoryJournal } from '../testing/memory-journal.ts';
import { machineOf, machineWithVirtualFunctions, planFor } from '../testing/scenarios.ts';
import { claim, recover, release } from './commands.ts';

const FIRST = '0000:00:05.0';

function world(state = machineOf(3)) {
  const files = createFakeKernel(state);
  const journal = createMemoryJournal();
  return { files, journal };
}

describe('claim and release', () => {
  it('move the whole group to VFIO and back to exactly what it was', async () => {
    const { files, journal } = world();
    const before = files.state;
    const plan = planFor(before, FIRST);
    expect(plan.refusals).toEqual([]);
    expect(await claim(plan, { files, journal })).toMatchObject({
      kind: 'claimed',
      claim: { id: 'c1', status: 'held' },
    });
    expect(files.state.devices.map((d) => `${d.driver} ${d.override}`)).toEqual(
      Array.from({ length: 3 }, () => 'vfio-pci vfio-pci'),
    );
    expect(await release('c1', { files, journal })).toMatchObject({
      kind: 'released',
      home: { kind: 'home', differences: [] },
    });
    expect(files.state.devices).toEqual(before.devices);
  });

  it('bring virtual functions back as they were', async () => {
    const { files, journal } = world(machineWithVirtualFunctions());
    const before = files.state;
    const plan = planFor(before, '0000:00:06.0');
    expect(plan.refusals).toEqual([]);
    expect(await claim(plan, { files, journal })).toMatchObject({ kind: 'claimed' });
    expect(files.state.devices.map((d) => d.present)).toEqual([true, false, false]);
    expect(await release('c1', { files, journal })).toMatchObject({
      kind: 'released',
      home: { kind: 'home', differences: [] },
    });
    expect(files.state.devices).toEqual(before.devices);
    expect(await recover({ files, journal })).toEqual({ kind: 'recovered', claims: [] });
  });
});
