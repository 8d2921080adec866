import { describe, expect, it } from 'vitest';
import { withoutAnswer } from '../../testing/without-answer.ts';
import { findLosses } from '../find-losses.ts';
import { type FileRecipes, hostOf, pciFunction } from '../testing/host-files.ts';

const CARD = '0000:05:00.1';
const items = (...parts: FileRecipes[]) =>
  findLosses(hostOf(pciFunction(CARD), ...parts), [CARD]).map(({ item }) => item);

const hostdev = (fn: string, managed: string): string => `
  <hostdev mode='subsystem' type='pci' managed='${managed}'>
    <driver name='vfio'/>
    <source>
      <address domain='0x0000' bus='0x05' slot='0x00' function='${fn}'/>
    </source>
    <address type='pci' domain='0x0000' bus='0x09' slot='0x00' function='0x0'/>
  </hostdev>`;
const domain = (...parts: string[]): string =>
  `<domain type='kvm'><name>games</name><devices>${parts.join('')}</devices></domain>`;

describe('other tools', () => {
  it('driverctl binds it at each start', () => {
    expect(items({ [`etc/driverctl.d/pci-${CARD}`]: 'vfio-pci' })).toEqual([`driverctl:${CARD}`]);
    expect(items({ 'etc/driverctl.d/pci-0000:05:00.0': 'vfio-pci' })).toEqual([]);
  });

  it('libvirt takes it when a machine starts', () => {
    expect(items({ 'etc/libvirt/qemu/games.xml': domain(hostdev('0x0', 'yes'), hostdev('0x1', 'yes')) })).toEqual([
      `libvirt:games:${CARD}`,
    ]);
  });

  it('not where it is not managed, and not by its address in the guest', () => {
    expect(items({ 'etc/libvirt/qemu/games.xml': domain(hostdev('0x1', 'no')) })).toEqual([]);
    const inGuest = hostdev('0x0', 'yes').replace(
      "bus='0x09' slot='0x00' function='0x0'",
      "bus='0x05' slot='0x00' function='0x1'",
    );
    expect(items({ 'etc/libvirt/qemu/games.xml': domain(inGuest) })).toEqual([]);
  });

  it('whatever the order of the elements', () => {
    const turned = hostdev('0x1', 'yes').replace(/(<source>[\s\S]*<\/source>)\s*(<address [^>]*>)/, '$2$1');
    expect(turned.indexOf("bus='0x09'")).toBeLessThan(turned.indexOf("bus='0x05'"));
    expect(items({ 'etc/libvirt/qemu/games.xml': domain(turned) })).toEqual([`libvirt:games:${CARD}`]);
  });

  it('a network interface of a machine is one too', () => {
    const text = domain(
      hostdev('0x1', 'yes').replaceAll('hostdev', 'interface').replace("mode='subsystem' type='pci'", "type='hostdev'"),
    );
    expect(items({ 'etc/libvirt/qemu/games.xml': text })).toEqual([`libvirt:games:${CARD}`]);
  });

  it('a running machine has it whatever is written', () => {
    expect(items({ 'run/libvirt/qemu/games.xml': domain(hostdev('0x1', 'no')) })).toEqual([
      `libvirt-running:games:${CARD}`,
    ]);
  });

  it('Proxmox VE: by address, by slot, by mapping; not in a snapshot', () => {
    const conf = (text: string): FileRecipes => ({ 'etc/pve/qemu-server/101.conf': text });
    expect(items(conf('onboot: 1\nhostpci0: 0000:05:00.1,pcie=1'))).toEqual([`proxmox:101:${CARD}`]);
    expect(items(conf('hostpci0: 05:00,x-vga=1'))).toEqual([`proxmox:101:${CARD}`]);
    expect(items(conf('hostpci0: 06:00.0;05:00.1'))).toEqual([`proxmox:101:${CARD}`]);
    expect(items(conf('hostpci0: 05:00.0'))).toEqual([]);
    expect(items(conf('memory: 512\n[before]\nhostpci0: 05:00.1'))).toEqual([]);
    const mapping = { 'etc/pve/mapping/pci.cfg': 'gpu\n\tmap id=10de:1e87,node=pve1,path=0000:05:00.1' };
    expect(items(conf('hostpci0: mapping=gpu,pcie=1'), mapping)).toEqual([`proxmox:101:${CARD}`]);
    expect(items(conf('hostpci0: mapping=other,pcie=1'), mapping)).toEqual([]);
  });

  describe('ids that are told to a driver', () => {
    const card = pciFunction(
      CARD,
      { vendor: '0x10de', device: '0x10f8', subsystem_vendor: '0x1458', subsystem_device: '0x37a7' },
      '0x040300',
    );
    const onCommandLine = (text: string) => items(card, { 'proc/cmdline': `root=/dev/sda1 ${text} quiet` });
    const options = (text: string, file = 'etc/modprobe.d/vfio.conf') => items(card, { [file]: text });
    const taken = [`ids:${CARD}`];

    it('on the command line of the kernel', () => {
      expect(onCommandLine('vfio-pci.ids=10de:1e87,10de:10f8')).toEqual(taken);
      expect(onCommandLine('vfio_pci.ids=10DE:10F8')).toEqual(taken);
      expect(onCommandLine('"vfio-pci.ids=10de:10f8"')).toEqual(taken);
      expect(onCommandLine('pci-stub.ids=10de:10f8')).toEqual(taken);
      expect(onCommandLine('vfio-pci.ids=10de:1e87')).toEqual([]);
      expect(onCommandLine('snd_hda_intel.ids=10de:10f8 vfio-pci.disable_vga=1')).toEqual([]);
    });

    it('in the settings of modprobe', () => {
      expect(options('options vfio-pci ids=10de:1e87,10de:10f8 disable_vga=1')).toEqual(taken);
      expect(options('options vfio_pci disable_vga=1 \\\n  ids=10de:10f8')).toEqual(taken);
      expect(options('options vfio-pci ids=10de:10f8', 'usr/lib/modprobe.d/a.conf')).toEqual(taken);
      expect(options('# options vfio-pci ids=10de:10f8')).toEqual([]);
      expect(options('options vfio-pci ids=10de:10f8', 'etc/modprobe.d/vfio.conf.off')).toEqual([]);
      expect(options('softdep nvidia pre: vfio-pci')).toEqual([]);
    });

    it('with subsystem and class, where they are given', () => {
      expect(onCommandLine('vfio-pci.ids=10de:10f8:1458:37a7')).toEqual(taken);
      expect(onCommandLine('vfio-pci.ids=10de:10f8:1458:0001')).toEqual([]);
      expect(onCommandLine('vfio-pci.ids=10de:ffffffff:ffffffff:ffffffff:040300:ffff00')).toEqual(taken);
      expect(onCommandLine('vfio-pci.ids=10de:ffffffff:ffffffff:ffffffff:030000:ffff00')).toEqual([]);
      for (const nonsense of ['10de', '10de:', '', '10de:10f8:', 'x:10f8']) {
        expect(onCommandLine(`vfio-pci.ids=${nonsense}`), nonsense).toEqual([]);
      }
    });

    it('are told once, with all places', () => {
      const both = {
        'proc/cmdline': 'vfio-pci.ids=10de:10f8',
        'etc/modprobe.d/a.conf': 'options vfio-pci ids=10de:10f8',
      };
      const [found, ...others] = findLosses(hostOf(card, both), [CARD]);
      expect(others).toEqual([]);
      expect(found).toMatchObject({
        kind: 'other-claim',
        says: `${CARD} is taken by vfio-pci at each start, by its ids (10de:10f8)`,
        evidence: [{ file: 'proc/cmdline' }, { file: 'etc/modprobe.d/a.conf' }],
      });
    });
  });

  it('a driver_override that somebody else wrote', () => {
    expect(items(pciFunction(CARD, { driver_override: 'vfio-pci' }))).toEqual([`override:${CARD}`]);
    expect(items(pciFunction(CARD, { driver_override: '(null)' }))).toEqual([]);
    const tree = hostOf(pciFunction(CARD, { driver_override: 'vfio-pci' }));
    expect(findLosses(tree, [CARD], { ours: new Map([[CARD, 'vfio-pci']]) })).toEqual([]);
    expect(findLosses(tree, [CARD], { ours: new Map([[CARD, 'pci-stub']]) })).toHaveLength(1);
  });

  it('a driver_override that the kernel does not show is not none', () => {
    const tree = withoutAnswer(hostOf(pciFunction(CARD, { driver_override: '(null)' })), [CARD]);
    expect(findLosses(tree, [CARD])).toMatchObject([
      { item: `unread:override:${CARD}`, effect: 'undecided', decidedBy: 'wait until the kernel lets the device go' },
    ]);
  });
});
