import type { MachineTree } from '@isogroups/inventory';
import { describe, expect, it } from 'vitest';
import { type FileRecipes, memoryTreeOf } from '../../../inventory/src/testing/tree-entries.ts';
import { createFakeKernel } from '../testing/fake-kernel.ts';
import { withHangingProcess } from '../testing/hanging-process.ts';
import { kernelFiles } from '../testing/kernel-tree.ts';
import { createMemoryJournal } from '../testing/memory-journal.ts';
import { machineOf, planFor } from '../testing/scenarios.ts';
import { claim, recover, release } from '../transaction/commands.ts';
import { planRecovery, planRelease } from '../transaction/forecast.ts';
import { type DeviceUsers, findUsers } from './users.ts';

const FIRST = '0000:00:05.0';
const SECOND = '0000:00:05.1';
const PLACE = `sys/devices/pci0000:00/${FIRST}`;

const held = (driver: string): FileRecipes =>
  kernelFiles({ ...machineOf(2), devices: machineOf(2).devices.map((d) => ({ ...d, driver })), drivers: [driver] });
const process = (pid: number, comm: string, ...open: string[]): FileRecipes => ({
  [`proc/${pid}/comm`]: comm,
  [`proc/${pid}/fd`]: null,
  ...Object.fromEntries(open.map((target, i) => [`proc/${pid}/fd/${i}`, { link: target }])),
});
const denied = (tree: MachineTree, pid: number): MachineTree => ({
  ...tree,
  list: (path) =>
    path === `proc/${pid}/fd` ? { kind: 'failure', reason: 'denied', message: `${path}: denied` } : tree.list(path),
});
const NONE: DeviceUsers = { users: new Map(), unseen: [], hanging: [] };
const usedBy = (who: string, ...devices: string[]): DeviceUsers['users'] => new Map(devices.map((d) => [d, [who]]));
const usersOn = (...files: FileRecipes[]) => findUsers(memoryTreeOf(Object.assign({}, ...files)), [FIRST, SECOND]);

describe('users of devices', () => {
  it('have the file of the group or of the device open, or mapped', () => {
    const vfio = { ...held('vfio-pci'), [`${PLACE}/vfio-dev/vfio3`]: null };
    const ofGroup = usersOn(vfio, process(812, 'qemu', '/dev/vfio/1', '/dev/vfio/devices/vfio3'));
    expect(ofGroup).toEqual({ users: usedBy('qemu (pid 812)', FIRST, SECOND), unseen: [], hanging: [] });
    const ofDevice = usersOn(vfio, process(812, 'qemu', '/dev/vfio/devices/vfio3'));
    expect(ofDevice.users).toEqual(usedBy('qemu (pid 812)', FIRST));
    const maps = { 'proc/812/maps': '7f00-7f01 rw-s 0 00:06 99    /dev/vfio/devices/vfio3' };
    expect(usersOn(vfio, process(812, 'dpdk'), maps).users).toEqual(usedBy('dpdk (pid 812)', FIRST));
    expect(usersOn(vfio, process(812, 'qemu', '/dev/vfio/2', '/dev/vfio/vfio'))).toEqual(NONE);
  });

  it('are none where VFIO has none of the devices', () => {
    expect(usersOn(held('igb'), process(812, 'qemu', '/dev/vfio/1'))).toEqual(NONE);
  });

  it('are none who only look at a device, since no unbinding waits for them', () => {
    const reads = process(812, 'lspci', `/${PLACE}/resource0`);
    expect(usersOn(held('vfio-pci'), reads)).toEqual(NONE);
  });

  it('may be among the processes that cannot be looked into', () => {
    const tree = memoryTreeOf({ ...held('vfio-pci'), ...process(812, 'qemu'), ...process(813, 'sh') });
    expect(findUsers(denied(tree, 812), [FIRST])).toEqual({ ...NONE, unseen: ['812'] });
    expect(findUsers(denied(memoryTreeOf({ ...held('igb'), ...process(812, 'qemu') }), 812), [FIRST])).toEqual(NONE);
  });
});

describe('a release where not all processes can be seen', () => {
  const claimed = async () => {
    const kernel = createFakeKernel(machineOf(2));
    const world = { files: kernel, journal: createMemoryJournal() };
    await claim(planFor(machineOf(2), FIRST), world);
    const withProcess = (): MachineTree =>
      denied(memoryTreeOf({ ...kernelFiles(kernel.state), ...process(812, 'qemu') }), 812);
    return { kernel, world: { ...world, files: { ...kernel, lookPatiently: () => Promise.resolve(withProcess()) } } };
  };

  it('says so, and is carried out', async () => {
    const { kernel, world } = await claimed();
    expect(await planRelease('c1', world)).toMatchObject({
      kind: 'dry-run',
      notes: [expect.stringContaining('whether 1 process has the devices open could not be seen')],
    });
    expect(await release('c1', world)).toMatchObject({ kind: 'released', home: { kind: 'home' } });
    expect(kernel.state.devices).toEqual(machineOf(2).devices);
  });

  it('ends like any other where one of them holds on: with what is stuck, and recover goes on', async () => {
    const { kernel, world } = await claimed();
    kernel.faults = (_, step) =>
      step.kind === 'write' && step.file.endsWith('/unbind') ? { kind: 'hang' } : undefined;
    expect(await release('c1', { ...world, deadlines: { write: 1, run: 1, linger: 1 } })).toMatchObject({
      kind: 'released',
      home: { kind: 'paused' },
    });
    kernel.faults = () => undefined;
    kernel.letGo(true);
    expect(await recover(world)).toMatchObject({ claims: [{ kind: 'home' }] });
    expect(kernel.state.devices).toEqual(machineOf(2).devices);
  });
});

describe('a process that hangs, whose mappings are not shown', () => {
  const SAYS = expect.stringContaining('whether process 812, which hangs in the kernel, has');
  const claimed = async (confirmWithinMs: number | null = null) => {
    const kernel = createFakeKernel(machineOf(2));
    const journal = createMemoryJournal();
    await claim(planFor(machineOf(2), FIRST, confirmWithinMs), { files: kernel, journal });
    return { kernel, world: { files: withHangingProcess(kernel), journal } };
  };

  it('keeps no claim waiting that looks again: it may have the devices open, and refuses', async () => {
    const kernel = createFakeKernel(machineOf(2));
    const world = { files: withHangingProcess(kernel), journal: createMemoryJournal() };
    expect(await claim(planFor(machineOf(2), FIRST), world)).toMatchObject({
      kind: 'refused',
      refusals: [{ kind: 'loss', says: SAYS }],
    });
    expect(kernel.operations).toBe(0);
  });

  it('keeps no release waiting, which says that it was not seen', async () => {
    const { kernel, world } = await claimed();
    expect(await planRelease('c1', world)).toMatchObject({ kind: 'dry-run', notes: [SAYS] });
    expect(await release('c1', world)).toMatchObject({ kind: 'released', home: { kind: 'home' } });
    expect(kernel.state.devices).toEqual(machineOf(2).devices);
  });

  it('keeps no recovery waiting, which says so as well', async () => {
    const { kernel, world } = await claimed(1);
    expect(await planRecovery(world)).toMatchObject({ claims: [{ id: 'c1' }], notes: [SAYS] });
    expect(await recover(world)).toMatchObject({ claims: [{ kind: 'home' }] });
    expect(kernel.state.devices).toEqual(machineOf(2).devices);
  });
});
