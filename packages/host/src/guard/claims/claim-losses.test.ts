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
