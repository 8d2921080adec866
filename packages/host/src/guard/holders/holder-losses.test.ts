import { createMemoryTree, type MachineTree } from '@isogroups/inventory';
import { describe, expect, it } from 'vitest';
import { findLosses } from '../find-losses.ts';
import {
  block,
  type FileRecipes,
  hostOf,
  NVME,
  nvmeDisk,
  OTHER_NVME,
  pciFunction,
  placeOf,
  stacked,
} from '../testing/host-files.ts';

const CARD = '0000:05:00.0';
const DEVICE = `sys/devices/${placeOf(CARD)}`;
const GPU: FileRecipes = {
  ...pciFunction(CARD, { iommu_group: { link: '../../../../kernel/iommu_groups/12' } }, '0x030000'),
  'sys/dev/char/226:1': { link: `../../devices/${placeOf(CARD)}/drm/card1` },
  [`${DEVICE}/drm/card1/uevent`]: 'MAJOR=226\nMINOR=1\nDEVNAME=dri/card1\nDEVTYPE=drm_minor',
};
const program = (pid: number, comm: string, fds: readonly string[], more: FileRecipes = {}): FileRecipes => ({
  [`proc/${pid}/comm`]: comm,
  ...Object.fromEntries(fds.map((target, i) => [`proc/${pid}/fd/${i}`, { link: target }])),
  ...Object.fromEntries(Object.entries(more).map(([name, content]) => [`proc/${pid}/${name}`, content])),
});
const lossesWith = (...parts: FileRecipes[]) => findLosses(hostOf(GPU, ...parts), [CARD]);

describe('open files', () => {
  it('a program has the file of a device open', () => {
    const [open, ...more] = lossesWith(
      program(812, 'Xorg', ['/dev/null', '/dev/dri/card1']),
      program(900, 'cat', ['/dev/null']),
    );
    expect(more).toEqual([]);
    expect(open).toMatchObject({ kind: 'open-file', item: 'open:/dev/dri/card1', effect: 'lost' });
    expect(open?.says).toBe(`Xorg (812) has open /dev/dri/card1 of ${CARD}`);
    expect(open?.evidence).toEqual([{ file: 'proc/812/fd/1', says: '/dev/dri/card1' }]);
  });

  it('users of RDMA, by the files of its verbs', () => {
    const verbs: FileRecipes = {
      'sys/dev/char/231:192': { link: `../../devices/${placeOf(CARD)}/infiniband_verbs/uverbs0` },
      [`${DEVICE}/infiniband_verbs/uverbs0/uevent`]: 'MAJOR=231\nMINOR=192\nDEVNAME=infiniband/uverbs0',
    };
    const found = lossesWith(verbs, program(812, 'ib_write_bw', ['/dev/infiniband/uverbs0']));
    expect(found.map(({ item }) => item)).toEqual(['open:/dev/infiniband/uverbs0']);
  });

  it('several programs are one item', () => {
    const found = lossesWith(program(812, 'Xorg', ['/dev/dri/card1']), program(900, 'mpv', ['/dev/dri/card1']));
    expect(found.map(({ says }) => says)).toEqual([`Xorg (812), mpv (900) have open /dev/dri/card1 of ${CARD}`]);
  });

  it('memory of the device that is mapped, without an open file', () => {
    const maps = `7f0000000000-7f0001000000 rw-s 00000000 00:16 99    /${DEVICE}/resource0\n7f1-7f2 r-xp 0 08:01 5 /usr/bin/x`;
    expect(lossesWith(program(77, 'dpdk-app', [], { maps, fd: null })).map(({ item }) => item)).toEqual([
      `open:/${DEVICE}/resource0`,
    ]);
  });

  it('and of a process whose mappings the kernel does not show, nobody knows', () => {
    const plain = hostOf(GPU, program(77, 'mongod', [], { fd: null }));
    const tree: MachineTree = {
      ...plain,
      readBytes: (path, limit) =>
        path === 'proc/77/maps'
          ? { kind: 'failure', reason: 'locked', message: `${path}: does not answer` }
          : plain.readBytes(path, limit),
    };
    expect(findLosses(tree, [CARD])).toMatchObject([
      {
        item: 'unread:mapped-files',
        effect: 'undecided',
        says: `whether process 77, which hangs in the kernel, has files of ${CARD} mapped could not be read`,
      },
    ]);
    expect(findLosses(plain, [CARD])).toEqual([]);
  });

  it('what is read in passing holds nothing', () => {
    const files = ['drm/card1/uevent', 'config', 'vendor'].map((name) => `/${DEVICE}/${name}`);
    expect(lossesWith(program(77, 'node', files))).toEqual([]);
  });

  it('the file of its VFIO group: a virtual machine has it', () => {
    expect(lossesWith(program(77, 'qemu-system-x86', ['/dev/vfio/12'])).map(({ item }) => item)).toEqual([
      'open:/dev/vfio/12',
    ]);
    expect(lossesWith(program(77, 'qemu-system-x86', ['/dev/vfio/13']))).toEqual([]);
  });

  it('the file of NVIDIA’s own driver, which sysfs does not know', () => {
    const facts = { [`proc/driver/nvidia/gpus/${CARD}/information`]: 'Model: X\nDevice Minor: \t 1' };
    const held = program(812, 'python3', ['/dev/nvidiactl', '/dev/nvidia1']);
    expect(lossesWith(facts, held).map(({ item }) => item)).toEqual(['open:/dev/nvidia1']);
    expect(lossesWith(facts, program(812, 'python3', ['/dev/nvidia0']))).toEqual([]);
  });

  it('processes that may not be looked into hide anything', () => {
    const base = hostOf(GPU, program(812, 'Xorg', []), { 'proc/812/comm': 'Xorg' });
    const tree: MachineTree = {
      ...base,
      list: (path) =>
        path === 'proc/812/fd'
          ? { kind: 'failure', reason: 'denied', message: `${path}: permission denied` }
          : base.list(path),
    };
    expect(findLosses(tree, [CARD]).map(({ item, effect }) => `${item} ${effect}`)).toEqual([
      'unread:open-files undecided',
    ]);
  });

  it('an empty tree hides nothing and breaks nothing', () => {
    expect(findLosses(createMemoryTree('empty', []).tree, [])).toEqual([]);
  });
});

describe('open files of what is made of disks', () => {
  const held = (path: string, ...parts: FileRecipes[]) =>
    findLosses(hostOf(...parts, program(77, 'ceph-osd', [path])), [NVME])
      .filter(({ kind }) => kind === 'open-file')
      .map(({ says, effect }) => `${says} ${effect}`);

  it('a volume of LVM (a Ceph OSD, a virtual machine)', () => {
    const volume = stacked('254:0', 'dm-0', ['nvme0n1p1'], { 'dm/name': 'ceph-osd', 'dm/uuid': 'LVM-abc' });
    expect(held('/dev/dm-0', nvmeDisk(NVME, 1), volume)).toEqual([
      'ceph-osd (77) has open dm-0 (ceph-osd, LVM) on nvme0n1p1 of 0000:01:00.0 lost',
    ]);
  });

  it('an array that goes on', () => {
    const legs = ['nvme0n1p1', 'nvme1n1p1'];
    const states = Object.fromEntries(legs.map((leg) => [`md/dev-${leg}/state`, 'in_sync']));
    const array = stacked('9:0', 'md0', legs, { 'md/level': 'raid1', 'md/raid_disks': '2', ...states });
    expect(held('/dev/md0', nvmeDisk(NVME, 1), nvmeDisk(OTHER_NVME, 1, 1), array)).toEqual([
      'ceph-osd (77) has open md0 (raid1) on nvme0n1p1 of 0000:01:00.0, and goes on without it: 1 in-sync member of md0 stays degraded',
    ]);
  });

  it('a disk of NVMe multipath, which is not below the function', () => {
    const head = block('259:0', 'virtual/nvme-subsystem/nvme-subsys0/nvme0n1');
    const controller = {
      'sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0': { link: `../../../${placeOf(NVME)}/nvme/nvme0` },
      [`sys/devices/${placeOf(NVME)}/nvme/nvme0/nvme0c0n1`]: null,
    };
    expect(held('/dev/nvme0n1', pciFunction(NVME), head, controller)).toHaveLength(1);
  });
});
