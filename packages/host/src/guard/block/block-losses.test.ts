import { describe, expect, it } from 'vitest';
import { findLosses } from '../find-losses.ts';
import {
  block,
  type FileRecipes,
  hostOf,
  memoryTreeOf,
  mountTable,
  NIC,
  NVME,
  nvmeDisk,
  OTHER_NVME,
  pciFunction,
  placeOf,
  stacked,
} from '../testing/host-files.ts';

const lossesWith = (...parts: FileRecipes[]) => findLosses(hostOf(...parts), [NVME]);
const shown = (...parts: FileRecipes[]) => lossesWith(...parts).map(({ item, effect }) => `${item} ${effect}`);

const ONE_DISK = nvmeDisk(NVME, 3);
const TWO_DISKS = { ...ONE_DISK, ...nvmeDisk(OTHER_NVME, 3, 1) };

describe('disks that leave', () => {
  it('root-on-nvme', () => {
    const [root, ...more] = lossesWith(ONE_DISK, mountTable(['259:2', '/', 'ext4', '/dev/nvme0n1p2']));
    expect(more).toEqual([]);
    expect(root).toMatchObject({ kind: 'root', item: 'mount:/', device: NVME, effect: 'lost' });
    expect(root?.says).toBe('the root file system is on nvme0n1p2 of 0000:01:00.0');
    expect(root?.evidence.map(({ file }) => file)).toEqual(['proc/self/mountinfo', 'sys/dev/block/259:2']);
  });

  it('nothing-of-the-disk-in-use', () => {
    expect(shown(TWO_DISKS, mountTable(['259:18', '/', 'ext4', '/dev/nvme1n1p2']))).toEqual([]);
  });

  it('root-on-lvm-over-nvme', () => {
    const lvm = stacked('254:0', 'dm-0', ['nvme0n1p3'], { 'dm/name': 'vg-root', 'dm/uuid': 'LVM-abc' });
    const [root] = lossesWith(ONE_DISK, lvm, mountTable(['254:0', '/', 'ext4', '/dev/mapper/vg-root']));
    expect(root?.says).toBe('the root file system is on dm-0 (vg-root, LVM) on nvme0n1p3 of 0000:01:00.0');
  });

  it('lvm-over-luks-over-md-with-one-disk', () => {
    const [home] = lossesWith(
      ONE_DISK,
      stacked('9:0', 'md0', ['nvme0n1p3'], { 'md/level': 'raid0', 'md/raid_disks': '1' }),
      stacked('254:0', 'dm-0', ['md0'], { 'dm/name': 'secret', 'dm/uuid': 'CRYPT-LUKS2-abc-secret' }),
      stacked('254:1', 'dm-1', ['dm-0'], { 'dm/name': 'vg-home', 'dm/uuid': 'LVM-abc' }),
      mountTable(['254:1', '/home', 'xfs', '/dev/mapper/vg-home']),
    );
    expect(home).toMatchObject({ item: 'mount:/home', effect: 'lost' });
    expect(home?.says).toContain('dm-1 (vg-home, LVM) on dm-0 (secret, encrypted) on md0 (raid0) on nvme0n1p3');
  });

  it('lvm-raid1-whose-level-no-file-tells', () => {
    const [data] = lossesWith(
      TWO_DISKS,
      stacked('254:0', 'dm-0', ['nvme0n1p3'], { 'dm/name': 'vg-data_rimage_0', 'dm/uuid': 'LVM-a' }),
      stacked('254:1', 'dm-1', ['nvme1n1p3'], { 'dm/name': 'vg-data_rimage_1', 'dm/uuid': 'LVM-b' }),
      stacked('254:2', 'dm-2', ['dm-0', 'dm-1'], { 'dm/name': 'vg-data', 'dm/uuid': 'LVM-c' }),
      mountTable(['254:2', '/data', 'ext4', '/dev/mapper/vg-data']),
    );
    expect(data).toMatchObject({ item: 'mount:/data', effect: 'undecided' });
    expect(data?.decidedBy).toContain('lvs');
  });

  it('dm-multipath-with-one-path-leaving', () => {
    const [data] = lossesWith(
      TWO_DISKS,
      stacked('254:0', 'dm-0', ['nvme0n1', 'nvme1n1'], { 'dm/name': 'mpatha', 'dm/uuid': 'mpath-36001' }),
      mountTable(['254:0', '/data', 'ext4', '/dev/mapper/mpatha']),
    );
    expect(data).toMatchObject({ item: 'mount:/data', effect: 'degraded' });
  });

  it('names the boot and EFI partitions', () => {
    const found = lossesWith(
      ONE_DISK,
      mountTable(['259:1', '/boot/efi', 'vfat', '/dev/nvme0n1p1'], ['259:2', '/boot', 'ext4', '/dev/nvme0n1p2']),
    );
    expect(found.map(({ kind, item }) => [kind, item])).toEqual([
      ['boot', 'mount:/boot/efi'],
      ['boot', 'mount:/boot'],
    ]);
  });

  it('swap on a partition, and in a file', () => {
    const swaps =
      'Filename\tType\tSize\tUsed\tPriority\n/dev/nvme0n1p3  partition\t100\t0\t-2\n/srv/swap\\040file file\t50\t0\t-3';
    expect(shown(ONE_DISK, { 'proc/swaps': swaps }, mountTable(['259:2', '/srv', 'ext4', '/dev/nvme0n1p2']))).toEqual([
      'mount:/srv lost',
      'swap:/dev/nvme0n1p3 lost',
      'swap:/srv/swap file lost',
    ]);
  });

  it('a loop device on a file of a leaving disk', () => {
    const image = stacked('7:0', 'loop0', [], { 'loop/backing_file': '/srv/image.iso' });
    expect(
      shown(
        ONE_DISK,
        image,
        mountTable(['259:2', '/srv', 'ext4', '/dev/nvme0n1p2'], ['7:0', '/mnt', 'iso9660', '/dev/loop0']),
      ),
    ).toEqual(['mount:/srv lost', 'mount:/mnt lost']);
  });

  it('disks and files that the kernel serves to other machines', () => {
    const target = 'sys/kernel/config/target/core';
    const nvme = 'sys/kernel/config/nvmet/subsystems/nqn.x/namespaces';
    const served = {
      [`${target}/iblock_0/disk1/enable`]: '1',
      [`${target}/iblock_0/disk1/udev_path`]: '/dev/nvme0n1p1',
      [`${target}/iblock_1/old/enable`]: '0',
      [`${target}/iblock_1/old/udev_path`]: '/dev/nvme0n1p1',
      [`${target}/fileio_0/image/enable`]: '1',
      [`${target}/fileio_0/image/udev_path`]: '/srv/image',
      [`${nvme}/1/enable`]: '1',
      [`${nvme}/1/device_path`]: '/dev/nvme0n1p3',
    };
    expect(shown(TWO_DISKS, served, mountTable(['259:2', '/srv', 'ext4', '/dev/nvme0n1p2']))).toEqual([
      'mount:/srv lost',
      'exported:nqn.x/1 lost',
      'exported:image lost',
      'exported:disk1 lost',
    ]);
  });

  it('a disk behind a USB controller', () => {
    const usb = '0000:05:00.0';
    const disk = block('8:0', `${placeOf(usb)}/usb1/1-2/1-2:1.0/host6/target6:0:0/6:0:0:0/block/sda`);
    const tree = hostOf(pciFunction(usb, {}, '0x0c0330'), disk, mountTable(['8:0', '/backup', 'ext4', '/dev/sda']));
    expect(findLosses(tree, [usb]).map(({ item }) => item)).toEqual(['mount:/backup']);
  });

  it('a virtio disk', () => {
    const tree = hostOf(
      pciFunction(NVME),
      block('253:0', `${placeOf(NVME)}/virtio1/block/vda`),
      mountTable(['253:0', '/', 'ext4', '/dev/vda']),
    );
    expect(findLosses(tree, [NVME]).map(({ kind }) => kind)).toEqual(['root']);
  });

  it('a bridge among the members takes nothing with it', () => {
    const port = '0000:00:01.0';
    const tree = hostOf(
      ONE_DISK,
      { [`sys/bus/pci/devices/${port}/class`]: '0x060400' },
      mountTable(['259:2', '/', 'ext4', '/dev/nvme0n1p2']),
    );
    expect(findLosses(tree, [port])).toEqual([]);
  });

  it('disks of virtual functions go with their physical function', () => {
    const tree = hostOf(
      pciFunction(OTHER_NVME, { virtfn0: { link: `../../../../devices/${placeOf(NVME)}` } }),
      ONE_DISK,
      mountTable(['259:2', '/', 'ext4', '/dev/nvme0n1p2']),
    );
    expect(findLosses(tree, [OTHER_NVME])).toContainEqual(expect.objectContaining({ item: 'mount:/', device: NVME }));
  });

  it('mounts of another mount namespace', () => {
    const container = {
      'proc/self/ns/mnt': { link: 'mnt:[1]' },
      'proc/812/ns/mnt': { link: 'mnt:[2]' },
      'proc/812/comm': 'postgres',
      'proc/812/mountinfo': '30 1 259:2 / /var/lib/postgresql rw - ext4 /dev/nvme0n1p2 rw',
      'proc/813/ns/mnt': { link: 'mnt:[2]' },
      'proc/813/mountinfo': '30 1 259:2 / /var/lib/postgresql rw - ext4 /dev/nvme0n1p2 rw',
    };
    const found = lossesWith(ONE_DISK, container);
    expect(found.map(({ item }) => item)).toEqual(['mount:/var/lib/postgresql@259:2']);
    expect(found[0]?.says).toContain('process 812 (postgres)');
  });

  it('mounts of another mount namespace at the same place: of the same disk once, of another one both', () => {
    const container = (number: string): FileRecipes => ({
      'proc/self/ns/mnt': { link: 'mnt:[1]' },
      'proc/812/ns/mnt': { link: 'mnt:[2]' },
      'proc/812/mountinfo': `30 1 ${number} / / rw - ext4 /dev/x rw`,
    });
    const root = mountTable(['259:2', '/', 'ext4', '/dev/nvme0n1p2']);
    expect(shown(ONE_DISK, root, container('259:2'))).toEqual(['mount:/ lost']);
    expect(shown(ONE_DISK, root, container('259:3'))).toEqual(['mount:/ lost', 'mount:/@259:3 lost']);
  });

  it('mounts that cannot be read hide anything', () => {
    const tree = hostOf(ONE_DISK, { 'proc/self/mountinfo': null });
    expect(findLosses(tree, [NVME])).toEqual([
      expect.objectContaining({ kind: 'unread', item: 'unread:mounts', device: NVME, effect: 'undecided' }),
    ]);
  });

  it('so do block devices, of a function that may have some', () => {
    const tree = memoryTreeOf({
      ...pciFunction(NVME),
      ...pciFunction(NIC),
      'sys/class/net': null,
      'proc/net/route': '',
    });
    expect(findLosses(tree, [NVME]).map(({ item }) => item)).toEqual(['unread:block-devices']);
    expect(findLosses(tree, [NIC])).toEqual([]);
  });
});

describe('software RAID', () => {
  const MD = (level: string, slaves: readonly string[], states: readonly string[] = []): FileRecipes =>
    stacked('9:0', 'md0', slaves, {
      'md/level': level,
      'md/raid_disks': `${slaves.length}`,
      ...Object.fromEntries(slaves.map((s, i) => [`md/dev-${s}/state`, states[i] ?? 'in_sync'])),
    });
  const SRV = mountTable(['9:0', '/srv', 'ext4', '/dev/md0']);
  const THREE = { ...TWO_DISKS, ...nvmeDisk('0000:05:00.0', 1, 2) };

  it('md-raid1-with-one-leg-leaving is degraded, not lost', () => {
    const [srv] = lossesWith(TWO_DISKS, MD('raid1', ['nvme0n1p3', 'nvme1n1p3']), SRV);
    expect(srv).toMatchObject({ item: 'mount:/srv', effect: 'degraded' });
    expect(srv?.says).toMatch(/goes on without it: 1 in-sync member of md0 stays$/);
  });

  it('md-raid1-whose-other-leg-is-not-in-sync is lost', () => {
    expect(shown(TWO_DISKS, MD('raid1', ['nvme0n1p3', 'nvme1n1p3'], ['in_sync', 'spare']), SRV)).toEqual([
      'mount:/srv lost',
    ]);
  });

  it('md-raid1-with-both-legs-leaving is lost', () => {
    const tree = hostOf(TWO_DISKS, MD('raid1', ['nvme0n1p3', 'nvme1n1p3']), SRV);
    expect(findLosses(tree, [NVME, OTHER_NVME]).map(({ effect }) => effect)).toEqual(['lost']);
  });

  it('losing only a spare is a loss of redundancy', () => {
    expect(shown(THREE, MD('raid1', ['nvme0n1p3', 'nvme1n1p3', 'nvme2n1p1'], ['spare']), SRV)).toEqual([
      'mount:/srv degraded',
    ]);
  });

  it('raid5 bears one, unless one is missing already', () => {
    const legs = ['nvme0n1p3', 'nvme1n1p3', 'nvme2n1p1'];
    expect(shown(THREE, MD('raid5', legs), SRV)).toEqual(['mount:/srv degraded']);
    expect(shown(THREE, MD('raid5', legs, ['in_sync', 'in_sync', 'faulty']), SRV)).toEqual(['mount:/srv lost']);
  });

  it('a partition of an array goes with it', () => {
    const partition = block('259:99', 'virtual/block/md0/md0p1', { partition: '1' });
    const srv = mountTable(['259:99', '/srv', 'ext4', '/dev/md0p1']);
    expect(shown(TWO_DISKS, MD('raid0', ['nvme0n1p3', 'nvme1n1p3']), partition, srv)).toEqual(['mount:/srv lost']);
  });

  it('with one leg leaving and the other one undecided is undecided', () => {
    const images = ['nvme0n1p1', 'nvme1n1p1'].map((on, i) =>
      stacked(`254:${i}`, `dm-${i}`, [on], { 'dm/name': `vg-data_rimage_${i}`, 'dm/uuid': 'LVM-a' }),
    );
    const volume = stacked('254:2', 'dm-2', ['dm-0', 'dm-1'], { 'dm/name': 'vg-data', 'dm/uuid': 'LVM-c' });
    expect(shown(TWO_DISKS, ...images, volume, MD('raid1', ['nvme0n1p3', 'dm-2']), SRV)).toEqual([
      'mount:/srv undecided',
    ]);
  });

  it('raid0 bears none', () => {
    expect(shown(TWO_DISKS, MD('raid0', ['nvme0n1p3', 'nvme1n1p3']), SRV)).toEqual(['mount:/srv lost']);
  });

  it('raid10 that loses two of four depends on which', () => {
    const legs = ['nvme0n1p1', 'nvme0n1p2', 'nvme1n1p1', 'nvme1n1p2'];
    expect(shown(TWO_DISKS, MD('raid10', legs), SRV)).toEqual(['mount:/srv undecided']);
  });
});

describe('in use without a mount', () => {
  const LUKS = stacked('254:0', 'dm-0', ['nvme0n1p3'], { 'dm/name': 'secret', 'dm/uuid': 'CRYPT-LUKS2-a-secret' });
  const VOLUMES = ['root', 'vm'].map((name, i) =>
    stacked(`254:${i + 1}`, `dm-${i + 1}`, ['dm-0'], { 'dm/name': `vg-${name}`, 'dm/uuid': `LVM-${i}` }),
  );
  const ROOT = mountTable(['254:1', '/', 'ext4', '/dev/mapper/vg-root']);

  it('an encrypted disk that is open', () => {
    const [open, ...more] = lossesWith(ONE_DISK, LUKS);
    expect(more).toEqual([]);
    expect(open).toMatchObject({ kind: 'stack', item: 'stack:/dev/mapper/secret', device: NVME, effect: 'lost' });
    expect(open?.says).toBe('the kernel keeps dm-0 (secret, encrypted) on nvme0n1p3 of 0000:01:00.0');
    expect(findLosses(hostOf(TWO_DISKS, LUKS), [OTHER_NVME])).toEqual([]);
  });

  it('the top of each stack once, and not what is mounted or swap', () => {
    expect(shown(ONE_DISK, LUKS, ...VOLUMES, ROOT)).toEqual(['mount:/ lost', 'stack:/dev/mapper/vg-vm lost']);
    const swap = { 'proc/swaps': 'Filename\n/dev/dm-2 partition 100 0 -2' };
    expect(shown(ONE_DISK, LUKS, ...VOLUMES, ROOT, swap)).toEqual(['mount:/ lost', 'swap:/dev/dm-2 lost']);
  });

  it('not an array of which a partition is mounted', () => {
    const array = stacked('9:0', 'md0', ['nvme0n1p3'], { 'md/level': 'raid0', 'md/raid_disks': '1' });
    const partition = block('259:99', 'virtual/block/md0/md0p1', { partition: '1' });
    expect(shown(ONE_DISK, array, partition)).toEqual(['stack:/dev/md0 lost']);
    expect(shown(ONE_DISK, array, partition, mountTable(['259:99', '/srv', 'ext4', '/dev/md0p1']))).toEqual([
      'mount:/srv lost',
    ]);
  });

  it('volumes of ZFS, and loop devices', () => {
    const volume = { ...block('230:16', 'virtual/block/zd16'), 'run/udev/data/b230:16': 'S:zvol/tank/vm' };
    const pool = { 'run/udev/data/b259:1': 'E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=tank' };
    const loop = stacked('7:0', 'loop0', [], { 'loop/backing_file': '/srv/image.iso' });
    const srv = mountTable(['259:2', '/srv', 'ext4', '/dev/nvme0n1p2']);
    expect(shown(ONE_DISK, pool, volume, loop, srv)).toEqual([
      'mount:/srv lost',
      'stack:/dev/zd16 lost',
      'stack:/dev/loop0 lost',
    ]);
  });

  it('bcache by the disk behind it, and by the cache, which sysfs does not call a slave', () => {
    const set = 'sys/fs/bcache/f00d';
    const bcacheOf = (index: number, address: string, part: string) => ({
      link: `../../../devices/${placeOf(address)}/nvme/nvme${index}/nvme${index}n1/${part}/bcache`,
    });
    const cached = {
      ...stacked('252:0', 'bcache0', ['nvme1n1p1']),
      [`${set}/bdev0`]: bcacheOf(1, OTHER_NVME, 'nvme1n1p1'),
      [`${set}/cache0`]: bcacheOf(0, NVME, 'nvme0n1p3'),
    };
    expect(shown(TWO_DISKS, cached)).toEqual(['stack:/dev/bcache0 lost']);
    expect(findLosses(hostOf(TWO_DISKS, cached), [OTHER_NVME]).map(({ item }) => item)).toEqual(['stack:/dev/bcache0']);
    const another = { ...cached, [`${set}/bdev0`]: bcacheOf(1, OTHER_NVME, 'nvme1n1p2') };
    expect(shown(TWO_DISKS, another)).toEqual([]);
  });

  it('swap in memory that is written back to a disk', () => {
    const zram = block('252:0', 'virtual/block/zram0', { backing_dev: '/dev/nvme0n1p3' });
    const swap = { 'proc/swaps': 'Filename\n/dev/zram0 partition 100 0 -2' };
    expect(shown(ONE_DISK, zram, swap)).toEqual(['swap:/dev/zram0 lost']);
    expect(shown(ONE_DISK, swap, block('252:0', 'virtual/block/zram0', { backing_dev: 'none' }))).toEqual([]);
  });

  it('journals on a disk of their own: of XFS by the options of the mount, of ext4 by the list of the kernel', () => {
    const xfs = '30 1 259:18 / /srv rw - xfs /dev/nvme1n1p2 rw,attr2,logdev=/dev/nvme0n1p1';
    expect(shown(TWO_DISKS, { 'proc/self/mountinfo': xfs })).toEqual(['mount:/srv lost']);
    const journals = { 'proc/fs/jbd2/nvme0n1p1/info': '', 'proc/fs/jbd2/nvme0n1p2-8/info': '' };
    expect(shown(TWO_DISKS, journals)).toEqual(['journal:/dev/nvme0n1p1 lost']);
  });
});

describe('disks in use that nothing resolves', () => {
  it.each([
    ['btrfs on /dev/root', mountTable(['0:30', '/', 'btrfs', '/dev/root']), 'mount:/'],
    ['a number that no device has', mountTable(['259:77', '/srv', 'ext4', '/dev/gone']), 'mount:/srv'],
    ['one of several of bcachefs', mountTable(['0:31', '/x', 'bcachefs', '/dev/nvme1n1p1:/dev/gone']), 'mount:/x'],
    ['swap', { 'proc/swaps': 'Filename\n/dev/gone partition 100 0 -2' }, 'swap:/dev/gone'],
    [
      'a disk that is served to others',
      {
        'sys/kernel/config/target/core/iblock_0/disk1/enable': '1',
        'sys/kernel/config/target/core/iblock_0/disk1/udev_path': '/dev/gone',
      },
      'exported:disk1',
    ],
  ])('%s: undecided', (_, files, item) => {
    expect(shown(TWO_DISKS, files)).toEqual([`${item} undecided`]);
  });

  it('not what has no disk', () => {
    const none = mountTable(['0:31', '/x', 'fuse', '/dev/fuse'], ['0:32', '/n', 'nfs4', '10.0.0.1:/export']);
    expect(shown(ONE_DISK, none)).toEqual([]);
  });
});

describe('NVMe multipath', () => {
  const HEAD = {
    ...pciFunction(NVME),
    ...pciFunction(OTHER_NVME),
    ...block('259:0', 'virtual/nvme-subsystem/nvme-subsys0/nvme0n1'),
    'sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0': { link: `../../../${placeOf(NVME)}/nvme/nvme0` },
    [`sys/devices/${placeOf(NVME)}/nvme/nvme0/nvme0c0n1`]: null,
  };
  const SECOND = {
    'sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme1': { link: `../../../${placeOf(OTHER_NVME)}/nvme/nvme1` },
    [`sys/devices/${placeOf(OTHER_NVME)}/nvme/nvme1/nvme0c1n1`]: null,
  };
  const ROOT = mountTable(['259:0', '/', 'ext4', '/dev/nvme0n1']);

  it('the only controller leaves', () => {
    expect(shown(HEAD, ROOT)).toEqual(['mount:/ lost']);
  });

  it('another controller reaches the namespace', () => {
    expect(shown(HEAD, SECOND, ROOT)).toEqual(['mount:/ degraded']);
  });

  it('another controller of the subsystem that does not carry the namespace is none', () => {
    const { [`sys/devices/${placeOf(OTHER_NVME)}/nvme/nvme1/nvme0c1n1`]: _, ...bare } = SECOND;
    expect(shown(HEAD, bare, { [`sys/devices/${placeOf(OTHER_NVME)}/nvme/nvme1/nvme0c1n2`]: null }, ROOT)).toEqual([
      'mount:/ lost',
    ]);
  });
});

describe('file systems on several devices', () => {
  const BTRFS = (...profiles: string[]): FileRecipes => ({
    'sys/fs/btrfs/f00d/devices/nvme0n1p2': { link: '../../../../class/block/nvme0n1p2' },
    'sys/fs/btrfs/f00d/devices/nvme1n1p2': { link: '../../../../class/block/nvme1n1p2' },
    ...Object.fromEntries(profiles.map((p) => [`sys/fs/btrfs/f00d/allocation/${p}`, null])),
  });
  const ON_STAYING = mountTable(['0:30', '/data', 'btrfs', '/dev/nvme1n1p2']);

  it('btrfs-on-two-devices-without-copies is lost with one, whichever the mount names', () => {
    expect(shown(TWO_DISKS, BTRFS('data/single', 'metadata/raid1'), ON_STAYING)).toEqual(['mount:/data lost']);
  });

  it('btrfs-raid1 goes on with one', () => {
    expect(shown(TWO_DISKS, BTRFS('data/raid1', 'metadata/raid1', 'system/raid1'), ON_STAYING)).toEqual([
      'mount:/data degraded',
    ]);
  });

  it('btrfs whose profiles are not told counts as one without copies', () => {
    expect(shown(TWO_DISKS, BTRFS(), ON_STAYING)).toEqual(['mount:/data lost']);
  });

  const ZFS = mountTable(['0:40', '/tank', 'zfs', 'tank/data']);
  const member = (number: string): FileRecipes => ({
    [`run/udev/data/b${number}`]: 'E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=tank',
  });

  it('zfs with its only member leaving', () => {
    expect(shown(TWO_DISKS, member('259:1'), ZFS)).toEqual(['mount:/tank lost']);
  });

  it('zfs with one of two members leaving is not decided by files', () => {
    const [tank] = lossesWith(TWO_DISKS, member('259:1'), member('259:17'), ZFS);
    expect(tank).toMatchObject({ effect: 'undecided', decidedBy: 'zpool status tank' });
  });

  it('zfs whose members udev has not seen may be on any leaving disk', () => {
    expect(shown(TWO_DISKS, ZFS)).toEqual(['mount:/tank undecided']);
  });

  it('a volume of a pool, as udev names it; one that udev does not know may be of any', () => {
    const volume = block('230:16', 'virtual/block/zd16');
    const mounted = mountTable(['230:16', '/vm', 'ext4', '/dev/zd16']);
    const named = (pool: string): FileRecipes => ({ 'run/udev/data/b230:16': `S:zvol/${pool}/vm` });
    expect(shown(TWO_DISKS, member('259:1'), volume, named('tank'), mounted)).toEqual(['mount:/vm lost']);
    expect(shown(TWO_DISKS, member('259:17'), volume, named('tank'), mounted)).toEqual([]);
    expect(shown(TWO_DISKS, member('259:1'), volume, mounted)).toEqual(['mount:/vm undecided']);
  });

  it('zfs on disks that stay', () => {
    expect(shown(TWO_DISKS, member('259:17'), ZFS)).toEqual([]);
  });
});

describe('what the next start needs', () => {
  it.each([
    ['UUID', 'UUID=0b5e', 'S:disk/by-uuid/0b5e'],
    ['LABEL with a blank', 'LABEL="my\\040data"', 'S:disk/by-label/my\\x20data'],
    ['PARTUUID', 'PARTUUID=77', 'S:disk/by-partuuid/77'],
    ['a path by id', '/dev/disk/by-id/nvme-X', 'S:disk/by-id/nvme-X'],
  ])('fstab by %s, through the data of udev', (_, reference, record) => {
    expect(
      shown(ONE_DISK, { 'etc/fstab': `# x\n${reference} /archive ext4 noauto 0 2`, 'run/udev/data/b259:3': record }),
    ).toEqual(['fstab:/archive lost']);
  });

  it('fstab by UUID, through the links in /dev', () => {
    const link = { 'dev/disk/by-uuid/0b5e': { link: '../../nvme0n1p3' } };
    expect(shown(ONE_DISK, link, { 'etc/fstab': 'UUID=0b5e none swap sw 0 0' })).toEqual(['fstab:UUID=0b5e lost']);
  });

  it('fstab by the name of a logical volume', () => {
    const lvm = stacked('254:0', 'dm-0', ['nvme0n1p3'], { 'dm/name': 'my--vg-home', 'dm/uuid': 'LVM-abc' });
    expect(shown(ONE_DISK, lvm, { 'etc/fstab': '/dev/my-vg/home /home ext4 defaults 0 2' })).toEqual([
      'fstab:/home lost',
      'stack:/dev/mapper/my--vg-home lost',
    ]);
  });

  it('an entry that nothing resolves is not taken for harmless', () => {
    expect(shown(ONE_DISK, { 'etc/fstab': 'UUID=f00 /x ext4 defaults 0 2\ntmpfs /tmp tmpfs rw 0 0' })).toEqual([
      'fstab:/x undecided',
    ]);
  });

  it('what is mounted is one item, with its line of fstab and the root= of the loader as evidence', () => {
    const [root, ...more] = lossesWith(ONE_DISK, mountTable(['259:2', '/', 'ext4', '/dev/nvme0n1p2']), {
      'etc/fstab': '/dev/nvme0n1p2 / ext4 defaults 0 1',
      'proc/cmdline': 'quiet root=/dev/nvme0n1p2 ro',
    });
    expect(more).toEqual([]);
    expect(root?.evidence.map(({ file }) => file)).toEqual(expect.arrayContaining(['etc/fstab', 'proc/cmdline']));
  });

  it('the root= of a live system whose root is in memory, and hibernation', () => {
    expect(shown(ONE_DISK, { 'proc/cmdline': 'root=/dev/nvme0n1p2 resume=/dev/nvme0n1p3' })).toEqual([
      'boot:root lost',
      'boot:resume lost',
    ]);
  });

  it('the partition that the boot loader came from', () => {
    const text = new Uint8Array([6, 0, 0, 0, ...[...'ABCD-12'].flatMap((c) => [c.charCodeAt(0), 0]), 0, 0]);
    expect(
      shown(ONE_DISK, {
        'sys/firmware/efi/efivars/LoaderDevicePartUUID-4a67': text,
        'run/udev/data/b259:1': 'E:ID_PART_ENTRY_UUID=abcd-12',
      }),
    ).toEqual(['boot:loader lost']);
  });
});
