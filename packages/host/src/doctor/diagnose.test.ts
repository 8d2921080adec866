import type { MachineTree } from '@isogroups/inventory';
import { describe, expect, it } from 'vitest';
import {
  type FileRecipes,
  hostOf,
  mountTable,
  NVME,
  nvmeDisk,
  pciFunction,
  placeOf,
  stacked,
} from '../guard/testing/host-files.ts';
import { withoutAnswer } from '../testing/without-answer.ts';
import { diagnose } from './diagnose.ts';
import { UNBINDING, WAITS } from './waits.ts';

const GPU = '0000:05:00.0';
const bound = (driver: string): FileRecipes => ({ driver: { link: `../../../../bus/pci/drivers/${driver}` } });

interface Task {
  readonly comm: string;
  readonly state?: string;
  readonly stack?: readonly string[];
  readonly fds?: readonly string[];
}

function task(pid: number, { comm, state = 'S', stack, fds = [] }: Task): FileRecipes {
  const directory = `proc/${pid}/task/${pid}`;
  return {
    [`proc/${pid}/comm`]: comm,
    [`proc/${pid}/fd`]: null,
    ...Object.fromEntries(fds.map((target, i) => [`proc/${pid}/fd/${i}`, { link: target }])),
    [`${directory}/comm`]: comm,
    [`${directory}/stat`]: `${pid} (${comm}) ${state} 1 1 1`,
    ...(stack === undefined
      ? {}
      : { [`${directory}/stack`]: stack.map((s) => `[<0>] ${s}+0x1f/0x120 [x]`).join('\n') }),
  };
}

const look = (device: string, ...parts: FileRecipes[]) => diagnose(hostOf(...parts), device, { log: [] });

describe('who holds it', () => {
  it('nobody', () => {
    expect(look(GPU, pciFunction(GPU))).toMatchObject({
      verdict: 'free',
      driver: null,
      module: null,
      holders: [],
      waiting: [],
    });
  });

  it('programs with its files, clients of the card, and uses of the module', () => {
    const found = look(
      GPU,
      pciFunction(GPU, { ...bound('amdgpu'), 'drm/card1/dev': '226:1', 'drm/renderD129/dev': '226:129' }),
      {
        'sys/dev/char/226:1': { link: `../../devices/${placeOf(GPU)}/drm/card1` },
        [`sys/devices/${placeOf(GPU)}/drm/card1/uevent`]: 'DEVNAME=dri/card1',
        'sys/bus/pci/drivers/amdgpu/module': { link: '../../../../module/amdgpu' },
        'sys/module/amdgpu/refcnt': '17',
        'sys/module/amdgpu/holders/kfd': null,
        'sys/kernel/debug/dri/1/clients':
          '             command  tgid dev master a   uid      magic\n         Web Content   901   1   n    n  1000          2\n                Xorg   812   1   y    y     0          0',
      },
      task(812, { comm: 'Xorg', fds: ['/dev/dri/card1'] }),
    );
    expect(found).toMatchObject({
      verdict: 'held',
      module: { name: 'amdgpu', uses: 17, usedBy: ['kfd'] },
      holders: [{ pid: '812', command: 'Xorg', path: '/dev/dri/card1' }],
      drmClients: [
        { command: 'Web Content', pid: '901', master: false },
        { command: 'Xorg', pid: '812', master: true },
      ],
    });
  });

  it('a mount, as the guard tells it', () => {
    const found = look(NVME, nvmeDisk(NVME, 1), mountTable(['259:1', '/srv', 'xfs', '/dev/nvme0n1p1']));
    expect(found.verdict).toBe('held');
    expect(found.uses.map(({ item }) => item)).toEqual(['mount:/srv']);
  });

  it('a program, through a volume that lies on the disk, and the volume itself', () => {
    const volume = stacked('254:0', 'dm-0', ['nvme0n1p1'], { 'dm/name': 'ceph-osd', 'dm/uuid': 'LVM-abc' });
    const found = look(NVME, nvmeDisk(NVME, 1), volume, task(77, { comm: 'ceph-osd', fds: ['/dev/dm-0'] }));
    expect(found.verdict).toBe('held');
    expect(found.holders).toEqual([
      { pid: '77', command: 'ceph-osd', path: '/dev/dm-0', device: NVME, file: 'proc/77/fd/0' },
    ]);
    expect(found.uses.map(({ item }) => item)).toEqual(['stack:/dev/mapper/ceph-osd']);
  });

  it('no other tool where the override is that of a claim', () => {
    const host = hostOf(pciFunction(GPU, { ...bound('vfio-pci'), driver_override: 'vfio-pci' }));
    const items = (ours: ReadonlyMap<string, string>) => diagnose(host, GPU, { log: [], ours }).uses.map((u) => u.item);
    expect(items(new Map())).toEqual([`override:${GPU}`]);
    expect(items(new Map([[GPU, 'vfio-pci']]))).toEqual([]);
  });

  it('is not decided where processes or the clients of the card may not be seen', () => {
    const base = hostOf(pciFunction(GPU, { 'drm/card1/dev': '226:1' }), task(812, { comm: 'Xorg' }));
    expect(diagnose(base, GPU, { log: [] })).toMatchObject({ verdict: 'undecided', drmClients: null });
    const plain = hostOf(pciFunction(GPU), task(812, { comm: 'Xorg' }));
    const denied: MachineTree = {
      ...plain,
      list: (path) =>
        path === 'proc/812/fd' ? { kind: 'failure', reason: 'denied', message: `${path}: denied` } : plain.list(path),
    };
    expect(diagnose(denied, GPU, { log: [] })).toMatchObject({ verdict: 'undecided', unreadProcesses: 1 });
  });
});

describe('what an unbind waits for', () => {
  const UNBIND = '/sys/bus/pci/drivers/vfio-pci/unbind';
  const waitingFor = (...parts: FileRecipes[]) => look(GPU, pciFunction(GPU, bound('vfio-pci')), ...parts).waiting;

  it('a program that has the device open through VFIO', () => {
    const stack = [
      'wait_for_completion_interruptible_timeout',
      'vfio_unregister_group_dev',
      'pci_device_remove',
      'unbind_store',
    ];
    expect(waitingFor(task(77, { comm: 'sh', state: 'S', stack, fds: [UNBIND] }))).toEqual([
      {
        pid: '77',
        command: 'sh',
        state: 'S',
        concerns: 'perhaps',
        file: UNBIND,
        waits: 'until the program that has the device open through VFIO closes it',
        stack,
      },
    ]);
    expect(look(GPU, pciFunction(GPU, bound('vfio-pci')), task(77, { comm: 'sh', stack, fds: [UNBIND] })).verdict).toBe(
      'waiting',
    );
  });

  it('for sure, where the file is one of the device itself', () => {
    const remove = `/sys/devices/${placeOf(GPU)}/remove`;
    const [found] = waitingFor(
      task(77, { comm: 'sh', state: 'D', stack: ['msleep', 'foo_remove', 'remove_store'], fds: [remove] }),
    );
    expect(found).toMatchObject({ concerns: 'yes', file: remove, waits: null });
  });

  it('not the unbinding of another device or from another driver', () => {
    const stack = ['pci_device_remove', 'unbind_store'];
    const other = '/sys/devices/pci0000:00/0000:00:09.0/remove';
    expect(waitingFor(task(77, { comm: 'sh', state: 'D', stack, fds: [other] }))).toEqual([]);
    expect(waitingFor(task(77, { comm: 'sh', state: 'D', stack, fds: ['/sys/bus/pci/drivers/nvme/unbind'] }))).toEqual(
      [],
    );
  });

  it('a device that is being unbound has no driver any more: then it may be any', () => {
    const stack = ['nvme_remove_namespaces', 'nvme_remove', 'pci_device_remove', 'unbind_store'];
    const found = look(
      GPU,
      pciFunction(GPU),
      task(77, { comm: 'sh', state: 'D', stack, fds: ['/sys/bus/pci/drivers/nvme/unbind'] }),
    );
    expect(found.waiting.map((w) => w.waits)).toEqual(['until the requests to its disks have ended']);
  });

  it('hot-unplug, which no file was written for', () => {
    const stack = [
      'netdev_wait_allrefs_any',
      'netdev_run_todo',
      'e1000_remove',
      'pci_device_remove',
      'pciehp_unconfigure_device',
    ];
    expect(waitingFor(task(9, { comm: 'irq/24-pciehp', state: 'D', stack }))).toMatchObject([
      { file: null, waits: 'until nobody refers to its network interface any more' },
    ]);
  });

  it('something that is not seen, where the kernel does not show what takes the lock of the device', () => {
    const plain = hostOf(pciFunction(GPU, { ...bound('amdgpu'), driver_override: '(null)' }));
    expect(diagnose(withoutAnswer(plain, [GPU]), GPU, { log: [] })).toMatchObject({ verdict: 'waiting', locked: true });
    expect(diagnose(plain, GPU, { log: [] })).toMatchObject({ verdict: 'free', locked: false });
  });

  it('other tasks that sleep, or wait for something else, are none', () => {
    expect(
      waitingFor(task(5, { comm: 'jbd2', state: 'D', stack: ['io_schedule', 'jbd2_journal_commit_transaction'] })),
    ).toEqual([]);
    expect(waitingFor(task(6, { comm: 'sh', state: 'S', stack: ['do_wait'] }))).toEqual([]);
  });

  it('without root the state and the file have to do', () => {
    expect(waitingFor(task(77, { comm: 'sh', state: 'D', fds: [UNBIND] }))).toMatchObject([
      { waits: null, stack: null },
    ]);
    expect(waitingFor(task(77, { comm: 'sh', state: 'S', fds: [UNBIND] }))).toEqual([]);
  });
});

describe('the kernel’s log', () => {
  it('lines that bear on the device, or name none', () => {
    const lines = [
      '[  1.0] usb 1-1: new device',
      '[  2.0] unregister_netdevice: waiting for eth0 to become free. Usage count = 2',
      `[  3.0] vfio-pci ${GPU}: Device is currently in use, task "sh" (77) blocked until device is released`,
      '[  4.0] vfio-pci 0000:09:00.0: Device is currently in use, task "sh" (78) blocked until device is released',
    ];
    expect(diagnose(hostOf(pciFunction(GPU)), GPU, { log: lines }).log).toEqual([lines[1], lines[2]]);
  });
});

describe('the tables', () => {
  it('every wait is for something else than unbinding itself', () => {
    for (const symbol of UNBINDING)
      expect(
        WAITS.some(({ matches }) => matches.test(symbol)),
        symbol,
      ).toBe(false);
  });
});
