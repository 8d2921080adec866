/** What has changed while somebody thought about the plan refuses the claim, before anything is written. */
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../inventory/src/testing/temporary-directory.ts';
import { type FileRecipes, memoryTreeOf, nic, OTHER_NIC, pciFunction, routes } from '../guard/testing/host-files.ts';
import { createJournalFile } from '../journal/journal-store.ts';
import type { KernelFiles } from '../kernel-files/kernel-files.ts';
import type { PlanRequest } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { readSigns } from '../plan/signs-of-change.ts';
import { createFakeKernel, type FakeKernel } from '../testing/fake-kernel.ts';
import type { FakeDevice, KernelState } from '../testing/kernel-state.ts';
import { kernelFiles } from '../testing/kernel-tree.ts';
import { createMemoryJournal } from '../testing/memory-journal.ts';
import { machineOf, planFor, planOn } from '../testing/scenarios.ts';
import type { ClaimOutcome } from './claim-protocol.ts';
import { claim, release } from './commands.ts';

const FIRST = '0000:00:05.0';
const LAST = '0000:00:05.3';

const ETHERNETS: FileRecipes = {
  ...nic(FIRST, 'eth0'),
  ...pciFunction(OTHER_NIC, { vendor: '0x8086', device: '0x1521' }),
  ...nic(OTHER_NIC, 'eth1'),
};
const OVER_ETH0 = routes(['eth0', '0.0.0.0', '192.168.1.1', 0, 100]);
const OVER_BOTH = routes(['eth0', '0.0.0.0', '192.168.1.1', 0, 100], ['eth1', '0.0.0.0', '10.0.0.1', 0, 200]);
const OVER_ETH1 = routes(['eth1', '0.0.0.0', '10.0.0.1', 0, 200]);

const treeWith = (...more: FileRecipes[]) =>
  memoryTreeOf(Object.assign({}, kernelFiles(machineOf(1)), ETHERNETS, ...more));

/** Claims with a plan of another moment. */
async function claimLater(plan: Plan, ...more: FileRecipes[]): Promise<{ outcome: ClaimOutcome; kernel: FakeKernel }> {
  const kernel = createFakeKernel(machineOf(1));
  const tree = treeWith(...more);
  const files: KernelFiles = { ...kernel, lookPatiently: () => Promise.resolve(tree) };
  return { outcome: await claim(plan, { files, journal: createMemoryJournal() }), kernel };
}

const planWith = (request: Partial<PlanRequest>, ...more: FileRecipes[]): Plan =>
  planOn(treeWith(...more), FIRST, request);
const items = (plan: Plan): string[] => plan.losses.map((l) => `${l.item} ${l.effect}`);

describe('what the host would lose is asked again', () => {
  it('and what it did not have then refuses', async () => {
    const plan = planWith({}, OVER_ETH1);
    expect(plan.refusals).toEqual([]);
    const { outcome, kernel } = await claimLater(plan, OVER_ETH0);
    expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ kind: 'loss', device: FIRST }] });
    expect(kernel.operations).toBe(0);
    expect((await claimLater(plan, OVER_ETH1)).outcome.kind).toBe('claimed');
  });

  it('and what has become worse than was accepted refuses; better does not', async () => {
    const degraded = planWith({}, OVER_BOTH);
    expect(items(degraded)).toContain('default-route degraded');
    const worse = await claimLater(degraded, OVER_ETH0);
    expect(worse.outcome).toMatchObject({ kind: 'refused', refusals: [{ kind: 'loss' }] });
    expect(JSON.stringify(worse.outcome)).toContain('it was accepted as degraded and is lost now');
    expect((await claimLater(planWith({}, OVER_ETH0), OVER_BOTH)).outcome.kind).toBe('claimed');
  });

  it('and so is what the kernel would refuse', async () => {
    const plan = planWith({}, OVER_ETH1);
    const region = { 'sys/kernel/iommu_groups/1/reserved_regions': '0x000000007b800000 0x000000007f7fffff direct' };
    const { outcome, kernel } = await claimLater(plan, OVER_ETH1, region);
    expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ kind: 'direct-region' }] });
    expect(kernel.operations).toBe(0);
  });
});

describe('a plan that is carried out at once', () => {
  const SIGNS: FileRecipes = {
    'proc/uptime': '100.00 1.00',
    'sys/kernel/uevent_seqnum': '7',
    'proc/1/mountinfo': '22 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw',
    'proc/swaps': 'Filename Type Size Used Priority',
  };
  const plan = planWith({ signs: readSigns(memoryTreeOf(SIGNS)) }, OVER_ETH1);
  /** What a second look would find refuses. */
  const claimAfter = async (changed: FileRecipes): Promise<ClaimOutcome> => {
    const kernel = createFakeKernel(machineOf(1));
    const files: KernelFiles = {
      ...kernel,
      lookPatiently: () => Promise.resolve(treeWith(OVER_ETH0)),
      glance: () => memoryTreeOf({ ...kernelFiles(kernel.state), ...SIGNS, ...changed }),
    };
    return claim(plan, { files, journal: createMemoryJournal() });
  };

  it('is believed while nothing shows a change', async () => {
    expect((await claimAfter({})).kind).toBe('claimed');
  });

  it.each<FileRecipes>([{ 'sys/kernel/uevent_seqnum': '8' }, { 'proc/uptime': '102.00 1.00' }])(
    'is not after %s',
    async (changed) => {
      expect(await claimAfter(changed)).toMatchObject({ kind: 'refused', refusals: [{ kind: 'loss', device: FIRST }] });
    },
  );
});

it('a device that was put in the place of a member brings the claim back, although it has the driver', async () => {
  const plan = planFor(machineOf(2), FIRST);
  const files = createFakeKernel(machineOf(2));
  files.faults = (operation) => {
    // The first member has had all of its steps.
    const replaced = files.state.devices.map((d) => (d.address === FIRST ? { ...d, override: null } : d));
    if (operation === plan.steps.length - 1) files.set({ ...files.state, devices: replaced });
    return undefined;
  };
  expect(await claim(plan, { files, journal: createMemoryJournal() })).toMatchObject({
    kind: 'rolled-back',
    failure: { kind: 'changed', says: `${FIRST}: driver_override reads as empty afterwards` },
  });
});

it('a member that was moved again after its last step brings the claim back, whichever it is', async () => {
  const start = machineOf(3);
  const plan = planFor(start, FIRST);
  // The last step is about the last of them.
  for (const { device } of plan.claimed.slice(0, -1)) {
    const files = createFakeKernel(start);
    files.faults = (operation) => {
      const moved = files.state.devices.map((d) => (d.address === device ? { ...d, driver: 'igb' } : d));
      if (operation === plan.steps.length - 1) files.set({ ...files.state, devices: moved });
      return undefined;
    };
    expect(await claim(plan, { files, journal: createMemoryJournal() })).toMatchObject({
      kind: 'rolled-back',
      failure: { kind: 'changed', says: `${device}: it has igb afterwards and not vfio-pci` },
    });
  }
});

describe('a member that had its driver before, and is written nothing to', () => {
  const start = machineOf(2);
  const devices = start.devices.map((d) => (d.address === FIRST ? { ...d, driver: 'vfio-pci' } : d));
  const held: KernelState = { ...start, devices, drivers: [...start.drivers, 'vfio-pci'] };
  const plan = planFor(held, '0000:00:05.1');
  const claimWhile = async (change: (d: FakeDevice) => FakeDevice): Promise<ClaimOutcome> => {
    const files = createFakeKernel(held);
    files.faults = (operation) => {
      const changed = files.state.devices.map((d) => (d.address === FIRST ? change(d) : d));
      if (operation === plan.steps.length - 1) files.set({ ...files.state, devices: changed });
      return undefined;
    };
    return claim(plan, { files, journal: createMemoryJournal() });
  };

  it('is claimed as it is', async () => {
    expect(plan.steps.filter((s) => s.device === FIRST)).toEqual([]);
    expect(await claimWhile((d) => d)).toMatchObject({ kind: 'claimed' });
  });

  it('brings the claim back where it has lost it, or where another card is in its place, which VFIO has as well', async () => {
    expect(await claimWhile((d) => ({ ...d, driver: null }))).toMatchObject({
      kind: 'rolled-back',
      failure: { kind: 'changed', says: `${FIRST} has driver none now` },
    });
    expect(await claimWhile((d) => ({ ...d, serial: '99' }))).toMatchObject({
      kind: 'rolled-back',
      failure: { kind: 'changed', says: expect.stringContaining(`${FIRST} is another device now (serial`) },
    });
  });
});

it('a driver that has let go by itself, so that the kernel refuses to unbind it, is no failure', async () => {
  const plan = planFor(machineOf(1), FIRST);
  const files = createFakeKernel(machineOf(1));
  files.faults = (_, step) => {
    if (step.kind !== 'write' || !step.file.endsWith('/unbind')) return undefined;
    files.set({ ...files.state, devices: files.state.devices.map((d) => ({ ...d, driver: null })) });
    return { kind: 'refuse', errno: 'ENODEV' };
  };
  expect(await claim(plan, { files, journal: createMemoryJournal() })).toMatchObject({ kind: 'claimed' });
});

it('what was accepted for an earlier claim counts only for the very same loss', () => {
  const [route] = planWith({}, OVER_BOTH).acceptedLosses.filter((l) => l.item === 'default-route');
  const again = { lose: [], loseAgain: route === undefined ? [] : [route] };
  expect(route).toEqual({ item: 'default-route', device: FIRST, effect: 'degraded' });
  expect(planWith(again, OVER_BOTH).refusals.filter((r) => r.says.includes('default route'))).toEqual([]);
  expect(planWith(again, OVER_ETH0).refusals.filter((r) => r.says.includes('default route'))).toHaveLength(1);
  const lost = planWith({}, OVER_ETH0).acceptedLosses;
  expect(planWith({ lose: [], loseAgain: lost }, OVER_BOTH).refusals.filter((r) => r.kind === 'loss')).not.toEqual([]);
});

it('a member that a running program has open refuses, although VFIO has it already', () => {
  const start = machineOf(2);
  const devices = start.devices.map((d) => ({ ...d, driver: 'vfio-pci', override: 'vfio-pci' }));
  const held = kernelFiles({ ...start, devices, drivers: ['vfio-pci'] });
  const qemu = { 'proc/812/comm': 'qemu', 'proc/812/fd/5': { link: '/dev/vfio/1' } };
  const ask = (files: FileRecipes) => planOn(memoryTreeOf(files), FIRST, { lose: [] });
  expect(ask(held).members.map((m) => m.role)).toEqual(['held', 'held']);
  expect(ask(held).losses).toEqual([]);
  expect(ask({ ...held, ...qemu }).refusals).toMatchObject([{ kind: 'loss', says: expect.stringContaining('qemu') }]);
});

describe('a driver of a member that stays', () => {
  const taken = (state: KernelState): KernelState => ({
    ...state,
    devices: state.devices.map((d) => (d.address === LAST ? { ...d, driver: 'igb' } : d)),
  });
  const plan = planFor(machineOf(4), FIRST);

  it('refuses a claim that came before it was seen', async () => {
    const files = createFakeKernel(taken(machineOf(4)));
    expect(await claim(plan, { files, journal: createMemoryJournal() })).toMatchObject({
      kind: 'refused',
      refusals: [{ kind: 'changed', says: `${LAST}, which stays, has igb now` }],
    });
    expect(files.operations).toBe(0);
  });

  it('brings a claim back that it came into', async () => {
    const files = createFakeKernel(machineOf(4));
    files.faults = (operation) => {
      if (operation === plan.steps.length - 1) files.set(taken(files.state));
      return undefined;
    };
    expect(await claim(plan, { files, journal: createMemoryJournal() })).toMatchObject({
      kind: 'rolled-back',
      failure: { kind: 'changed', says: `${LAST}, which stays, has igb now` },
      home: { kind: 'home', differences: [] },
    });
    expect(files.state.devices).toEqual(taken(machineOf(4)).devices);
  });
});

it('one world that is used twice at the same time does one thing at a time', async () => {
  const files = createFakeKernel(machineOf(2));
  const world = { files, journal: createJournalFile(temporaryDirectory()) };
  const plan = planFor(machineOf(2), FIRST);
  const first = claim(plan, world);
  expect(await release('c1', world)).toMatchObject({ kind: 'refused', refusals: [{ kind: 'busy' }] });
  expect(await first).toMatchObject({ kind: 'claimed' });
  // The lock is free now.
  expect(world.journal.lock()).toEqual({ kind: 'locked' });
  world.journal.unlock();
});
