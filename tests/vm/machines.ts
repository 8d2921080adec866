/**
 * @module The machines of the tests, as data. The guest numbers the busses in the order of the ports.
 */

import { MACHINES as CAPTURED } from '../../scripts/capture-fixtures/machines.mjs';
import { AMD, downstream, INTEL, nvme, rootPort, upstream, WITHOUT_ACS } from '../../scripts/guest/devices.mjs';
import type { Extra, GuestMachine } from './harness/machine.ts';

const DRIVERS = ['vfio-pci', 'nvme', 'e1000e', 'e1000', '8139cp', 'xhci_pci', 'virtio_rng'];

/** One of each kind that people hand over, each behind a port of its own. */
const everyKind = (secondFunction: (place: string) => string) => [
  rootPort(1, '0x2'),
  nvme(1, 'bus=rp1'),
  rootPort(2, '0x3'),
  '-device e1000e,romfile=,bus=rp2',
  // A card of four functions.
  rootPort(3, '0x4'),
  '-device e1000e,romfile=,bus=rp3,addr=0x0.0,multifunction=on',
  secondFunction('bus=rp3,addr=0x0.1'),
  '-device qemu-xhci,bus=rp3,addr=0x0.2',
  '-device virtio-rng-pci,romfile=,bus=rp3,addr=0x0.3',
  // A bridge to a conventional bus, and two devices there: three in a group.
  rootPort(4, '0x5'),
  '-device pcie-pci-bridge,id=pb4,bus=rp4',
  '-device e1000,romfile=,bus=pb4,addr=0x1',
  '-device rtl8139,romfile=,bus=pb4,addr=0x2',
  // A switch (busses 6 and 7) with a disk (8) and a network card (9).
  rootPort(5, '0x6'),
  upstream(6, 'rp5'),
  downstream(7, 'us6', '0x0'),
  downstream(8, 'us6', '0x1'),
  nvme(3, 'bus=ds7'),
  '-device e1000e,romfile=,bus=ds8',
  // A disk with virtual functions.
  rootPort(9, '0x7'),
  '-device nvme-subsys,id=subsystem',
  '-device nvme,bus=rp9,subsys=subsystem,serial=disk-0,sriov_max_vfs=2,sriov_vq_flexible=4,sriov_vi_flexible=2',
  // A slot for what comes later.
  rootPort(10, '0x8'),
];

export const INTEL_MACHINE: GuestMachine = Object.freeze({
  name: 'intel',
  qemu: [...INTEL, ...everyKind((place) => nvme(2, place))],
  cmdline: 'intel_iommu=on',
  modules: DRIVERS,
});

/** For measuring. */
export const STEADY_INTEL_MACHINE: GuestMachine = Object.freeze({
  ...INTEL_MACHINE,
  name: 'steady-intel',
  steadyClock: true,
});

/**
 * QEMU 7.2 takes what is behind a port for a device of bus 0 when it looks for its entry in AMD's device table. So the
 * host's drivers work untranslated and in function 0 only; claims do not depend on it.
 */
export const AMD_MACHINE: GuestMachine = Object.freeze({
  name: 'amd',
  qemu: [...AMD, ...everyKind((place) => `-device e1000e,romfile=,${place}`)],
  cmdline: 'iommu=pt',
  // Without vfio-pci: the claim has to load it.
  modules: DRIVERS.filter((module) => module !== 'vfio-pci'),
});

/** A network card with virtual functions, for which there is a driver. */
export const VIRTUAL_FUNCTIONS: GuestMachine = Object.freeze({
  name: 'virtual-functions',
  qemu: [...INTEL, rootPort(1, '0x2'), '-device igb,romfile=,bus=rp1'],
  cmdline: 'intel_iommu=on',
  modules: ['vfio-pci', 'igb', 'igbvf'],
  emulator: 'newer',
});

/**
 * A network card with virtual functions and a disk, which the ports above them do not keep apart; the claim has to load
 * VFIO. With little besides, since what is tried here is repeated often.
 */
export const EVERY_STEP: GuestMachine = Object.freeze({
  name: 'every-step',
  qemu: [
    ...INTEL,
    rootPort(1, '0x2.0', `,multifunction=on${WITHOUT_ACS}`),
    rootPort(2, '0x2.1', WITHOUT_ACS),
    '-device igb,romfile=,bus=rp1',
    nvme(1, 'bus=rp2'),
  ],
  cmdline: 'intel_iommu=on',
  modules: ['nvme', 'igb', 'igbvf'],
  emulator: 'newer',
});

/** Little besides a card of two functions: for what is repeated often. */
export const SMALL_MACHINE: GuestMachine = Object.freeze({
  name: 'small',
  qemu: [
    ...INTEL,
    rootPort(1, '0x2'),
    '-device e1000e,romfile=,bus=rp1,addr=0x0.0,multifunction=on',
    nvme(1, 'bus=rp1,addr=0x0.1'),
  ],
  cmdline: 'intel_iommu=on',
  modules: DRIVERS,
});

/** Disk `n` behind port `n`, which keeps what is written to it, for as long as QEMU runs. */
const storingDisk = (n: number) => [
  `-drive if=none,id=disk${n},file.driver=null-co,file.size=1G,file.read-zeroes=on,format=raw,snapshot=on`,
  `-device nvme,drive=disk${n},serial=disk-${n},bus=rp${n}`,
];

/** The system itself runs from its disk. */
const rootOn = (root: 'nvme' | 'lvm'): GuestMachine =>
  Object.freeze({
    name: `root-on-${root}`,
    qemu: [...INTEL, rootPort(1, '0x2'), ...storingDisk(1)],
    cmdline: 'intel_iommu=on',
    modules: ['vfio-pci', 'nvme'],
    root,
    extras: Object.freeze<Extra[]>(['disks']),
  });
export const ROOT_ON_NVME: GuestMachine = rootOn('nvme');
export const ROOT_ON_LVM: GuestMachine = rootOn('lvm');

/** Two disks for what is made of partitions. */
export const TWO_DISKS: GuestMachine = Object.freeze({
  name: 'two-disks',
  qemu: [...INTEL, rootPort(1, '0x2'), ...storingDisk(1), rootPort(2, '0x3'), ...storingDisk(2)],
  cmdline: 'intel_iommu=on',
  modules: ['vfio-pci', 'nvme', 'crc32c_generic', 'ext4'],
  extras: Object.freeze<Extra[]>(['disks']),
});

/** A disk that takes one byte a second of what is written to it; and a kernel that waits for it. */
export const SLOW_DISK: GuestMachine = Object.freeze({
  name: 'slow-disk',
  qemu: [
    ...INTEL,
    rootPort(1, '0x2'),
    '-drive if=none,id=disk1,file.driver=null-co,file.size=16M,file.read-zeroes=on,format=raw,throttling.bps-write=1',
    '-device nvme,drive=disk1,serial=disk-1,bus=rp1',
    // And a device that has nothing to do with it.
    rootPort(2, '0x3'),
    '-device e1000e,romfile=,bus=rp2',
  ],
  cmdline: 'intel_iommu=on nvme_core.io_timeout=4294967',
  modules: ['vfio-pci', 'nvme', 'e1000e'],
});

/** The server among the captured machines. */
export const THIRTY_DEVICES: GuestMachine = Object.freeze({
  name: 'thirty-devices',
  qemu: CAPTURED.find(({ name }) => name === 'thirty-devices')?.qemu ?? [],
  cmdline: 'intel_iommu=on',
  modules: ['vfio-pci', 'nvme', 'e1000e', 'xhci_pci'],
  extras: Object.freeze<Extra[]>(['dpdk']),
  steadyClock: true,
});
