import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../doctor/diagnose.ts';
import { findLosses } from './find-losses.ts';
import {
  block,
  type FileRecipes,
  memoryTreeOf,
  NIC,
  NVME,
  nic,
  nvmeDisk,
  pciFunction,
  stacked,
  virtualInterface,
} from './testing/host-files.ts';

/** A host with something of everything, so that every file is read. */
const HOST: FileRecipes = {
  ...nvmeDisk(NVME, 2),
  ...stacked('9:0', 'md0', ['nvme0n1p1'], {
    'md/level': 'raid1',
    'md/raid_disks': '2',
    'md/dev-nvme0n1p1/state': 'in_sync',
  }),
  ...stacked('254:0', 'dm-0', ['md0'], { 'dm/name': 'x', 'dm/uuid': 'LVM-x' }),
  ...stacked('7:0', 'loop0', [], { 'loop/backing_file': '/srv/x' }),
  ...pciFunction(NIC),
  ...nic(NIC, 'eth0'),
  ...block('252:0', 'virtual/block/zram0'),
  ...virtualInterface('ppp0', [], { type: '512' }),
  ...virtualInterface('wg0', [], { uevent: 'DEVTYPE=wireguard' }),
};

/** Files whose text the guard and the doctor take apart. */
const TEXTS = [
  'proc/self/mountinfo',
  'proc/swaps',
  'proc/cmdline',
  'proc/consoles',
  'proc/net/route',
  'proc/net/ipv6_route',
  'proc/net/fib_trie',
  'proc/net/if_inet6',
  'proc/net/tcp',
  'proc/net/tcp6',
  'proc/net/pppoe',
  'sys/devices/virtual/block/zram0/backing_dev',
  'proc/self/environ',
  'proc/self/stat',
  'proc/5/task/5/stat',
  'proc/5/task/5/stack',
  'proc/5/maps',
  'etc/fstab',
  'run/udev/data/b259:1',
  'etc/libvirt/qemu/x.xml',
  'etc/pve/qemu-server/1.conf',
  'etc/pve/mapping/pci.cfg',
  'sys/class/net/wg0/flags',
  'sys/class/iscsi_connection/c/address',
  'sys/class/nvme/nvme9/address',
  'sys/firmware/efi/efivars/LoaderDevicePartUUID-1',
];

/** Words that lead deeper into the parsers than letters by chance do. */
const word = fc.oneof(
  fc.constantFrom(
    '0000:01:00.0',
    '/',
    '-',
    'ext4',
    'btrfs',
    'zfs',
    '/dev/nvme0n1p1',
    'UUID=1',
    'eth0',
    '\\040',
    '|--',
    '/32 host LOCAL',
  ),
  fc.constantFrom(
    '00000000',
    'ffffffff',
    '0'.repeat(32),
    '0100007F:0016',
    '01',
    '::1',
    '1.2.3.4',
    'SSH_CONNECTION=::ffff:1.2.3.4 1',
  ),
  fc.constantFrom(
    "<hostdev managed='yes'>",
    '<source>',
    "<address bus='1' slot='2' function='3'/>",
    '</source>',
    'hostpci0: 01:00',
    'root=LABEL=x',
  ),
  fc.string({ maxLength: 12 }),
);
const text = fc
  .array(fc.tuple(word, fc.constantFrom(' ', '\n', '\t', '')), { maxLength: 60 })
  .map((all) => all.flat().join(''));

describe('files that hold anything', () => {
  it('are answered with sentences, never with an exception', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...TEXTS), text), { maxLength: 12 }), (files) => {
        const tree = memoryTreeOf({ ...HOST, ...Object.fromEntries(files) });
        for (const { says, item, effect, decidedBy } of findLosses(tree, [NVME, NIC])) {
          expect(says).not.toBe('');
          expect(item).not.toBe('');
          expect(decidedBy === undefined).toBe(effect !== 'undecided');
        }
        diagnose(tree, NVME, { log: [] });
      }),
      { numRuns: 400 },
    );
  });
});
