import { describe, expect, it } from 'vitest';
import { smallMachine } from '../../../inventory/src/testing/small-machine.ts';
import { temporaryDirectory } from '../../../inventory/src/testing/temporary-directory.ts';
import { type FileRecipes, treeEntries } from '../../../inventory/src/testing/tree-entries.ts';
import { fixture, golden } from '../testing/fixtures.ts';
import { inertMachine } from '../testing/inert-machine.ts';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';

const CARD = '0000:01:00.0';
const UNBIND = '/sys/bus/pci/drivers/igb/unbind';

/** A card whose unbinding hangs, while two programs use it. */
const HANGING: FileRecipes = {
  'sys/dev/block': null,
  'sys/dev/char/246:0': { link: `../../devices/pci0000:00/0000:00:1c.0/${CARD}/ptp/ptp0` },
  [`sys/devices/pci0000:00/0000:00:1c.0/${CARD}/ptp/ptp0/uevent`]: 'DEVNAME=ptp0',
  'sys/class/net/eth0': { link: `../../devices/pci0000:00/0000:00:1c.0/${CARD}/net/eth0` },
  [`sys/devices/pci0000:00/0000:00:1c.0/${CARD}/net/eth0/operstate`]: 'up',
  'sys/bus/pci/drivers/igb/module': { link: '../../../../module/igb' },
  'sys/module/igb/refcnt': '1',
  'proc/self/mountinfo': '22 1 0:21 / /proc rw - proc proc rw',
  'proc/net/route': 'Iface\tDestination\neth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
  'proc/300/comm': 'ptp4l',
  'proc/300/fd/4': { link: '/dev/ptp0' },
  'proc/77/comm': 'sh',
  'proc/77/fd/1': { link: UNBIND },
  'proc/77/task/77/comm': 'sh',
  'proc/77/task/77/stat': '77 (sh) D 1 77 77',
  'proc/77/task/77/stack':
    '[<0>] netdev_wait_allrefs_any+0x1/0x2\n[<0>] igb_remove+0x1/0x2 [igb]\n[<0>] unbind_store+0x1/0x2',
};

const doctor = (root: string, ...words: string[]) =>
  runCommand(['doctor', ...words, '--machine', root, '--state', `${root}/state`]);

describe('isogroups doctor', () => {
  it('names who holds the device, and what taking it away waits for', async () => {
    const root = inertMachine(HANGING);
    const { code, stdout } = await doctor(root, '01:00.0');
    const { expected, actual } = golden('doctor-hanging', stdout);
    expect(actual).toBe(expected);
    expect(code).toBe(1);
  });

  it('keeps to the schema', async () => {
    const { stdout } = await doctor(inertMachine(HANGING), '01:00.0', '--json');
    expect(schemaErrors(stdout)).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'waiting', device: CARD, stuck: [] });
  });

  it('is content with a device that nothing holds', async () => {
    const quiet = { 'proc/self/mountinfo': '22 1 0:21 / /proc rw - proc proc rw', 'sys/dev/block': null };
    const root = inertMachine({ ...quiet, 'sys/class/net': null, 'proc/net/route': 'Iface' });
    const { code, stdout } = await doctor(root, '00:00.0');
    expect(stdout).toContain('Nothing that could be found holds it.');
    expect(code).toBe(0);
  });

  it('wants a running machine, and a PCI function', async () => {
    const unpacked = temporaryDirectory(treeEntries({ ...smallMachine(), 'dmesg.txt': '' }));
    for (const snapshot of [fixture('gaming-pc'), unpacked]) {
      const { code, stderr } = await runCommand(['doctor', '01:00.0', '--machine', snapshot]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('is no running machine')]);
    }
    expect((await doctor(inertMachine(), 'idma64.0')).stderr).toContain('is no PCI function');
  });
});
