/**
 * @module The captured machines, as data. Each shows one thing and is named after it.
 */
import { AMD, downstream, INTEL, nvme, rootPort, upstream, WITHOUT_ACS } from '../guest/devices.mjs';

/**
 * @typedef {object} Machine
 * @property {string} name folder below fixtures/
 * @property {string} shows one sentence: what there is, and what the kernel makes of it
 * @property {string} kernel series (kernels.mjs)
 * @property {'amd64' | 'arm64'} [architecture] amd64 by default
 * @property {boolean} [uefi] Arm with ACPI tables instead of a device tree
 * @property {string} [cmdline] kernel parameters
 * @property {string[]} [modules] kernel modules to load, in this order
 * @property {string[]} [steps] shell commands for the guest, after the modules (`bind_to` and `bind_rest` are in guest/init)
 * @property {boolean} [withoutRoot] take the snapshot as an ordinary user
 * @property {Edit[]} [edits] done before the firmware starts
 * @property {string[]} qemu arguments, separated by blanks: machine and devices
 *
 * @typedef {object} Edit bytes of a device's configuration space to set (config-space.mjs)
 * @property {string} device vendor:device as QEMU makes it; with `port` where there are several of them
 * @property {number} [port] the `port=` of a root port or switch port
 * @property {string} [ids] vendor:device
 * @property {string} [subsystem] vendor:device
 * @property {number} [classCode] base class, subclass, interface
 * @property {number} [acs] adds an ACS capability with these bits
 */

const SMMU = ['-M virt,gic-version=3,iommu=smmuv3'];

/** Ids as QEMU makes them. */
const ROOT_PORT = '1b36:000c';
const UPSTREAM_PORT = '104c:8232';
const DOWNSTREAM_PORT = '104c:8233';
const E1000E = '8086:10d3';
const NVME = '1b36:0010';
const XHCI = '1b36:000d';
const DISPLAY = '1234:1111';
const VMXNET3 = '15ad:07b0';
const RNG = '1af4:1044';

/** ACS bits of a switch port as they are sold (SV TB RR CR UF DT), and of a multifunction endpoint (RR CR DT). */
const PORT_ACS = 0x5f;
const ENDPOINT_ACS = 0x4c;

/** Two endpoints on two downstream ports of a switch below one root port. */
const switchWith = (secondPort) => [
  rootPort(1, '0x2'),
  upstream(2, 'rp1'),
  downstream(3, 'us2', ...(secondPort === '0x8.1' ? ['0x8.0', ',multifunction=on'] : ['0x8'])),
  downstream(4, 'us2', secondPort),
  nvme(1, 'bus=ds3'),
  '-device e1000e,romfile=,bus=ds4',
];
/** Named after a switch that many carrier cards have. */
const PLX_WITHOUT_ACS = [
  { device: UPSTREAM_PORT, ids: '10b5:8747' },
  { device: DOWNSTREAM_PORT, port: 3, ids: '10b5:8747' },
  { device: DOWNSTREAM_PORT, port: 4, ids: '10b5:8747' },
];
const withAcs = (edits, acs) => edits.map((edit) => (edit.device === UPSTREAM_PORT ? edit : { ...edit, acs }));

/** A multifunction device behind a root port with ACS. */
const TWO_FUNCTIONS = [
  rootPort(1, '0x2'),
  '-device e1000e,romfile=,bus=rp1,addr=0x0.0,multifunction=on',
  nvme(1, 'bus=rp1,addr=0x0.1'),
];

/** A bit of everything: ports with and without ACS, a conventional bus, a device of the root complex. */
const MIXED = [
  rootPort(1, '0x2'),
  rootPort(2, '0x3', WITHOUT_ACS),
  rootPort(3, '0x4'),
  '-device e1000e,romfile=,bus=rp1',
  nvme(1, 'bus=rp2'),
  '-device pcie-pci-bridge,id=pb4,bus=rp3',
  '-device e1000,romfile=,bus=pb4,addr=0x1',
  '-device rtl8139,romfile=,bus=pb4,addr=0x2',
  '-device qemu-xhci,addr=0x5',
];

/**
 * A graphics card of four functions, as GeForce RTX 20 cards have them. QEMU has no such card: these are four other
 * devices with its ids and classes. The USB controller is a real one, so that the kernel's driver takes it.
 */
const graphicsCard = (bus) => [
  `-device bochs-display,romfile=,bus=${bus},addr=0x0.0,multifunction=on`,
  `-device vmxnet3,romfile=,bus=${bus},addr=0x0.1`,
  `-device qemu-xhci,bus=${bus},addr=0x0.2`,
  `-device virtio-rng-pci,romfile=,bus=${bus},addr=0x0.3`,
];
const GRAPHICS_CARD = [
  { device: DISPLAY, ids: '10de:1e87', classCode: 0x030000, subsystem: '1462:3714' },
  { device: VMXNET3, ids: '10de:10f8', classCode: 0x040300, subsystem: '1462:3714' },
  { device: XHCI, ids: '10de:1ad8', subsystem: '1462:3714' },
  { device: RNG, ids: '10de:1ad9', classCode: 0x0c8000, subsystem: '1462:3714' },
];
/** The two PCI Express ports of desktop processors of the sixth to tenth generation. */
const PROCESSOR_PORTS = [
  { device: ROOT_PORT, port: 1, ids: '8086:1901' },
  { device: ROOT_PORT, port: 2, ids: '8086:1905' },
];

/** @type {Machine[]} */
export const MACHINES = [
  {
    name: 'intel-root-port-with-acs',
    shows: 'An endpoint behind a root port with ACS: each has a group of its own.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    modules: ['e1000e'],
    qemu: [...INTEL, rootPort(1, '0x2'), '-device e1000e,romfile=,bus=rp1'],
  },
  {
    name: 'intel-root-port-without-acs',
    shows: 'An endpoint behind a root port without ACS joins the group of the port.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    modules: ['e1000e'],
    qemu: [...INTEL, rootPort(1, '0x2', WITHOUT_ACS), '-device e1000e,romfile=,bus=rp1'],
  },
  {
    name: 'intel-multifunction-root-port-without-acs',
    shows: 'Root ports that are functions of one slot, without ACS: they and all that is below them are one group.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    qemu: [
      ...INTEL,
      rootPort(1, '0x2.0', `${WITHOUT_ACS},multifunction=on`),
      rootPort(2, '0x2.1', WITHOUT_ACS),
      '-device e1000e,romfile=,bus=rp1',
      nvme(1, 'bus=rp2'),
    ],
  },
  {
    name: 'intel-multifunction-root-port-mixed',
    shows: 'Three root ports in one slot, the middle one with ACS: it keeps a group of its own, the others share one.',
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    qemu: [
      ...INTEL,
      rootPort(1, '0x2.0', `${WITHOUT_ACS},multifunction=on`),
      rootPort(2, '0x2.1'),
      rootPort(3, '0x2.2', WITHOUT_ACS),
      '-device e1000e,romfile=,bus=rp1',
      nvme(1, 'bus=rp2'),
      '-device qemu-xhci,bus=rp3',
    ],
  },
  {
    name: 'intel-switch-with-acs',
    shows: 'A switch whose ports have ACS: each port and each endpoint has a group of its own.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    modules: ['nvme', 'e1000e'],
    edits: withAcs(PLX_WITHOUT_ACS, PORT_ACS),
    qemu: [...INTEL, ...switchWith('0x9')],
  },
  {
    name: 'intel-switch-without-acs',
    shows:
      'A switch without ACS, its ports in different slots: the kernel makes two groups, although the endpoints can reach each other inside the switch.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    modules: ['nvme', 'e1000e'],
    edits: PLX_WITHOUT_ACS,
    qemu: [...INTEL, ...switchWith('0x9')],
  },
  {
    name: 'intel-switch-without-acs-linux-7.3',
    shows: 'The same switch without ACS under a newer kernel, which still makes two groups.',
    kernel: '7.3',
    cmdline: 'intel_iommu=on',
    modules: ['nvme', 'e1000e'],
    edits: PLX_WITHOUT_ACS,
    qemu: [...INTEL, ...switchWith('0x9')],
  },
  {
    name: 'intel-switch-with-empty-acs',
    shows:
      'Switch ports with an ACS capability that has none of the bits: to the kernel that is as good as all of them.',
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    edits: withAcs(PLX_WITHOUT_ACS, 0),
    qemu: [...INTEL, ...switchWith('0x9')],
  },
  {
    name: 'intel-switch-multifunction-downstream-ports',
    shows:
      'A switch without ACS whose downstream ports are functions of one slot: the kernel sees that they belong together.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    edits: PLX_WITHOUT_ACS,
    qemu: [...INTEL, ...switchWith('0x8.1')],
  },
  {
    name: 'intel-switch-below-port-without-acs',
    shows: 'The ports of the switch have ACS, the root port above has none: everything below it is one group.',
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    edits: withAcs(PLX_WITHOUT_ACS, PORT_ACS),
    qemu: [...INTEL, ...switchWith('0x9').map((line, i) => (i === 0 ? line + WITHOUT_ACS : line))],
  },
  {
    name: 'intel-multifunction-endpoint',
    shows: 'Two functions of one device without ACS share a group, and do not share it with the root port.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    modules: ['e1000e'],
    qemu: [...INTEL, ...TWO_FUNCTIONS],
  },
  {
    name: 'intel-multifunction-endpoint-with-acs',
    shows: 'Two functions of one device with ACS (RR and CR): a group each.',
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    edits: [
      { device: E1000E, acs: ENDPOINT_ACS },
      { device: NVME, acs: ENDPOINT_ACS },
    ],
    qemu: [...INTEL, ...TWO_FUNCTIONS],
  },
  {
    name: 'intel-multifunction-endpoint-with-quirk',
    shows:
      "Two functions with the ids of Intel's 82576, without ACS: the kernel knows that they are isolated. A group each.",
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    edits: [
      { device: E1000E, ids: '8086:10c9' },
      { device: NVME, ids: '8086:10c9', classCode: 0x020000 },
    ],
    qemu: [...INTEL, ...TWO_FUNCTIONS],
  },
  {
    name: 'intel-dma-alias-quirk',
    shows:
      'A disk controller whose DMA carries the id of its function 1 (Marvell 88SE9230): both functions have ACS and still share a group.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    edits: [
      { device: E1000E, ids: '1b4b:9230', classCode: 0x010601, acs: ENDPOINT_ACS },
      { device: NVME, acs: ENDPOINT_ACS },
    ],
    qemu: [...INTEL, ...TWO_FUNCTIONS],
  },
  {
    name: 'intel-root-complex-endpoints',
    shows:
      "Functions of one slot in the root complex: Intel's own are isolated without ACS (the kernel says so), those of others share a group.",
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    edits: [
      { device: XHCI, ids: '8086:a0ed' },
      { device: DISPLAY, ids: '8086:9a49' },
    ],
    qemu: [
      ...INTEL,
      '-device bochs-display,romfile=,addr=0x2.0,multifunction=on',
      '-device qemu-xhci,addr=0x2.1',
      '-device virtio-rng-pci,romfile=,addr=0x3.0,multifunction=on',
      nvme(1, 'addr=0x3.1'),
    ],
  },
  {
    name: 'intel-pcie-to-pci-bridge',
    shows: 'Cards behind a PCIe-to-PCI bridge are in the group of the bridge: the IOMMU cannot tell them apart.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    modules: ['e1000'],
    qemu: [
      ...INTEL,
      rootPort(1, '0x2'),
      '-device pcie-pci-bridge,id=pb2,bus=rp1',
      '-device e1000,romfile=,bus=pb2,addr=0x1',
      '-device rtl8139,romfile=,bus=pb2,addr=0x2',
    ],
  },
  {
    name: 'intel-conventional-bridge-nested',
    shows: 'A PCI-to-PCI bridge below a PCIe-to-PCI bridge: all that is below is one group with both bridges.',
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    qemu: [
      ...INTEL,
      rootPort(1, '0x2'),
      '-device pcie-pci-bridge,id=pb2,bus=rp1',
      '-device pci-bridge,id=cb3,bus=pb2,addr=0x1,chassis_nr=3',
      '-device e1000,romfile=,bus=cb3,addr=0x1',
      '-device rtl8139,romfile=,bus=pb2,addr=0x2',
    ],
  },
  {
    name: 'intel-i82801b11',
    shows: "The PCI bridge of Intel's chipsets, a conventional bridge on the root bus: the cards join its group.",
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    qemu: [
      ...INTEL,
      '-device i82801b11-bridge,id=ib1,addr=0x1e',
      '-device e1000,romfile=,bus=ib1,addr=0x1',
      '-device rtl8139,romfile=,bus=ib1,addr=0x2',
    ],
  },
  {
    name: 'intel-sriov-vfs',
    shows: 'An NVMe controller with two virtual functions: the function and each of its virtual functions have groups.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    modules: ['nvme'],
    steps: ['echo 2 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs'],
    qemu: [
      ...INTEL,
      rootPort(1, '0x2'),
      '-device nvme-subsys,id=subsystem',
      `-device nvme,bus=rp1,subsys=subsystem,serial=disk-1,sriov_max_vfs=2,sriov_vq_flexible=4,sriov_vi_flexible=2`,
    ],
  },
  {
    name: 'intel-two-host-bridges',
    shows: 'A second host bridge with its own root bus (and NUMA node): one IOMMU covers both.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    qemu: [
      ...INTEL,
      '-smp 2 -object memory-backend-ram,id=m0,size=256M -object memory-backend-ram,id=m1,size=256M',
      '-numa node,nodeid=0,cpus=0,memdev=m0 -numa node,nodeid=1,cpus=1,memdev=m1',
      rootPort(1, '0x2'),
      '-device e1000e,romfile=,bus=rp1',
      '-device pxb-pcie,id=px2,addr=0x3,bus_nr=64,numa_node=1',
      rootPort(3, '0x0,bus=px2'),
      nvme(1, 'bus=rp3'),
    ],
  },
  {
    name: 'intel-bypassed-host-bridge',
    shows: 'A second host bridge that the IOMMU does not cover: its devices have no group and reach all memory.',
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    qemu: [
      ...INTEL,
      rootPort(1, '0x2'),
      '-device e1000e,romfile=,bus=rp1',
      '-device pxb-pcie,id=px2,addr=0x3,bus_nr=64,bypass_iommu=on',
      rootPort(3, '0x0,bus=px2'),
      nvme(1, 'bus=rp3'),
    ],
  },
  {
    name: 'intel-iommu-off',
    shows: 'The firmware describes an IOMMU (DMAR) and the command line keeps the kernel from using it: no groups.',
    kernel: '6.1',
    cmdline: 'intel_iommu=off',
    modules: ['e1000e'],
    qemu: [...INTEL, ...MIXED],
  },
  {
    name: 'intel-no-interrupt-remapping',
    shows: 'DMA is translated, interrupts are not remapped: every device can forge interrupts.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    qemu: ['-M q35,kernel-irqchip=split', '-device intel-iommu,intremap=off', ...MIXED],
  },
  {
    name: 'intel-passthrough',
    shows: 'iommu=pt: the groups are the same, their type is identity.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on iommu=pt',
    modules: ['e1000e', 'nvme'],
    qemu: [...INTEL, ...MIXED],
  },
  {
    name: 'intel-ats-device',
    shows: 'A device with ATS, switched on, below a root port that does not block Direct Translated requests.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    modules: ['virtio_pci', 'virtio_net'],
    qemu: [
      '-M q35,kernel-irqchip=split',
      '-device intel-iommu,intremap=on,device-iotlb=on',
      rootPort(1, '0x2'),
      '-device virtio-net-pci,romfile=,bus=rp1,disable-legacy=on,iommu_platform=on,ats=on',
    ],
  },
  {
    name: 'intel-disable-acs-redir',
    shows: 'pci=disable_acs_redir= on a root port: RR and CR are off, so the endpoint joins the group of the port.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on pci=disable_acs_redir=0000:00:02.0',
    qemu: [...INTEL, ...MIXED],
  },
  {
    name: 'intel-disable-acs-redir-linux-6.18',
    shows: 'The same parameter under 6.18, where the bits that the kernel would have added are lost too.',
    kernel: '6.18',
    cmdline: 'intel_iommu=on pci=disable_acs_redir=0000:00:02.0',
    qemu: [...INTEL, ...MIXED],
  },
  {
    name: 'intel-config-acs',
    shows:
      'pci=config_acs= that switches SV, RR and CR of a root port on and leaves UF to the firmware, which left it off: the endpoint joins the port.',
    kernel: '6.12',
    cmdline: 'intel_iommu=on pci=config_acs=xxx11x1@0000:00:02.0',
    qemu: [...INTEL, ...MIXED],
  },
  {
    name: 'intel-config-acs-linux-7.1',
    shows: 'pci=config_acs= under 7.1: one root port with all the bits that matter, another with none.',
    kernel: '7.1',
    cmdline: 'intel_iommu=on pci=config_acs=xx111x1@0000:00:02.0;xx000x0@0000:00:04.0',
    qemu: [...INTEL, ...MIXED],
  },
  {
    name: 'intel-removed-and-rescanned',
    shows:
      'Two devices that went and came back while the machine ran, in another order: they have exchanged group numbers.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    steps: [
      'echo 1 > /sys/bus/pci/devices/0000:00:05.0/remove',
      'echo 1 > /sys/bus/pci/devices/0000:01:00.0/remove',
      'echo 1 > /sys/class/pci_bus/0000:01/rescan',
      'echo 1 > /sys/bus/pci/rescan',
    ],
    qemu: [...INTEL, ...MIXED],
  },
  {
    name: 'no-iommu-q35',
    shows: 'A machine of today without an IOMMU: no table, no groups.',
    kernel: '6.1',
    modules: ['e1000e', 'nvme'],
    qemu: ['-M q35', ...MIXED],
  },
  {
    name: 'no-iommu-i440fx',
    shows: 'A machine of 1996 (conventional PCI, no extended configuration space), which cannot have an IOMMU.',
    kernel: '6.12',
    modules: ['e1000'],
    qemu: [
      '-M pc',
      '-device e1000,romfile=,addr=0x3',
      '-device pci-bridge,id=cb1,addr=0x4,chassis_nr=1',
      '-device rtl8139,romfile=,bus=cb1,addr=0x1',
    ],
  },
  {
    name: 'amd-root-port-with-acs',
    shows:
      'AMD-Vi: an endpoint behind a root port with ACS has its own group; the function that is the IOMMU has none.',
    kernel: '6.1',
    modules: ['e1000e'],
    qemu: [...AMD, rootPort(1, '0x2'), '-device e1000e,romfile=,bus=rp1'],
  },
  {
    name: 'amd-switch-without-acs',
    shows: 'AMD-Vi: a switch without ACS. Two groups, and the endpoints can reach each other.',
    kernel: '6.12',
    edits: PLX_WITHOUT_ACS,
    qemu: [...AMD, ...switchWith('0x9')],
  },
  {
    name: 'amd-multifunction-endpoint',
    shows: 'AMD-Vi: two functions of one device without ACS share a group.',
    kernel: '6.1',
    qemu: [...AMD, ...TWO_FUNCTIONS],
  },
  {
    name: 'amd-ivrs-alias-range',
    shows: 'AMD-Vi: the IVRS table itself says that the cards behind a PCIe-to-PCI bridge have one id.',
    kernel: '6.1',
    qemu: [
      ...AMD,
      rootPort(1, '0x2'),
      '-device pcie-pci-bridge,id=pb2,bus=rp1',
      '-device e1000,romfile=,bus=pb2,addr=0x1',
      '-device rtl8139,romfile=,bus=pb2,addr=0x2',
    ],
  },
  {
    name: 'amd-iommu-off',
    shows: 'amd_iommu=off: no groups, and the kernel has switched ACS on all the same.',
    kernel: '6.12',
    cmdline: 'amd_iommu=off',
    qemu: [...AMD, ...MIXED],
  },
  {
    name: 'virtio-iommu-q35',
    shows:
      'virtio-iommu (VIOT table), every function bound to pci-stub: a device gets its group when a driver takes it.',
    kernel: '6.12',
    modules: ['virtio_pci', 'virtio_iommu', 'pci_stub'],
    steps: ['bind_rest pci-stub'],
    qemu: ['-M q35', '-device virtio-iommu-pci,addr=0x1', ...MIXED],
  },
  {
    name: 'virtio-iommu-few-drivers',
    shows: 'virtio-iommu: only the devices that a driver has taken have groups.',
    kernel: '6.12',
    modules: ['virtio_pci', 'virtio_iommu', 'e1000e', 'e1000'],
    qemu: ['-M q35', '-device virtio-iommu-pci,addr=0x1', ...MIXED],
  },
  {
    name: 'virtio-iommu-i440fx',
    shows: 'virtio-iommu on a machine with conventional PCI only.',
    kernel: '6.12',
    modules: ['virtio_pci', 'virtio_iommu', 'pci_stub'],
    steps: ['bind_rest pci-stub'],
    qemu: [
      '-M pc',
      '-device virtio-iommu-pci,addr=0x2',
      '-device e1000,romfile=,addr=0x3.0,multifunction=on',
      '-device rtl8139,romfile=,addr=0x3.1',
      '-device pci-bridge,id=cb1,addr=0x4,chassis_nr=1',
      '-device e1000,romfile=,bus=cb1,addr=0x1',
    ],
  },
  {
    name: 'smmuv3-device-tree',
    shows:
      'Arm with a device tree: the kernel asks for ACS after it has found the devices, so the ports keep what the firmware set (nothing).',
    kernel: '6.12',
    architecture: 'arm64',
    modules: ['e1000e', 'nvme', 'pci_stub'],
    steps: ['bind_rest pci-stub'],
    qemu: [...SMMU, ...MIXED],
  },
  {
    name: 'smmuv3-device-tree-linux-7.3',
    shows: 'The same machine under a newer kernel, which switches ACS on before it makes the groups.',
    kernel: '7.3',
    architecture: 'arm64',
    modules: ['e1000e', 'nvme', 'pci_stub'],
    steps: ['bind_rest pci-stub'],
    qemu: [...SMMU, ...MIXED],
  },
  {
    name: 'smmuv3-acpi',
    shows: 'Arm with ACPI tables (IORT): ACS is on, groups as on other machines.',
    kernel: '6.12',
    architecture: 'arm64',
    uefi: true,
    modules: ['e1000e', 'nvme', 'pci_stub'],
    steps: ['bind_rest pci-stub'],
    qemu: [...SMMU, ...MIXED],
  },
  {
    name: 'smmuv3-pcie-to-pci-bridge',
    shows:
      'SMMUv3 refuses a second device with the same stream id: of the cards behind a bridge only the first has a group.',
    kernel: '6.1',
    architecture: 'arm64',
    modules: ['pci_stub'],
    steps: ['bind_rest pci-stub'],
    qemu: [
      ...SMMU,
      rootPort(1, '0x2'),
      '-device pcie-pci-bridge,id=pb2,bus=rp1',
      '-device e1000,romfile=,bus=pb2,addr=0x1',
      '-device rtl8139,romfile=,bus=pb2,addr=0x2',
    ],
  },
  {
    name: 'gpu-with-audio',
    shows:
      'A graphics card of four functions behind a root port with ACS. The display is with vfio-pci, the USB controller on the card still with its driver, so the group is not viable.',
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    modules: ['xhci_pci', 'vfio_pci'],
    steps: ['bind_to vfio-pci 0000:01:00.0 0000:01:00.1'],
    edits: GRAPHICS_CARD,
    qemu: [...INTEL, rootPort(1, '0x2'), ...graphicsCard('rp1')],
  },
  {
    name: 'gaming-pc',
    shows:
      'What desktop users meet: the processor has two PCI Express ports in one slot without ACS, so the graphics card and the disk that the system runs on are one group.',
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    modules: ['xhci_pci', 'ahci', 'nvme', 'e1000e', 'vfio_pci'],
    steps: ['bind_to vfio-pci 0000:01:00.0 0000:01:00.1'],
    edits: [
      ...PROCESSOR_PORTS,
      ...GRAPHICS_CARD,
      { device: ROOT_PORT, port: 3, ids: '8086:06b8' },
      { device: ROOT_PORT, port: 4, ids: '8086:06bd' },
      { device: NVME, ids: '144d:a808', subsystem: '144d:a801' },
    ],
    qemu: [
      ...INTEL,
      rootPort(1, '0x1.0', `${WITHOUT_ACS},multifunction=on`),
      rootPort(2, '0x1.1', WITHOUT_ACS),
      ...graphicsCard('rp1'),
      nvme(1, 'bus=rp2'),
      rootPort(3, '0x1c.0', ',multifunction=on'),
      rootPort(4, '0x1c.5'),
      '-device nec-usb-xhci,bus=rp3',
      '-device e1000e,romfile=,bus=rp4',
    ],
  },
  {
    name: 'nvme-behind-switch',
    shows: 'A carrier card with four disks behind a switch without ACS: four groups to the kernel, one in truth.',
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    modules: ['nvme'],
    edits: [
      { device: UPSTREAM_PORT, ids: '10b5:8747' },
      ...[3, 4, 5, 6].map((port) => ({ device: DOWNSTREAM_PORT, port, ids: '10b5:8747' })),
    ],
    qemu: [
      ...INTEL,
      rootPort(1, '0x2'),
      upstream(2, 'rp1'),
      ...[3, 4, 5, 6].flatMap((n) => [downstream(n, 'us2', `0x${(n + 5).toString(16)}`), nvme(n - 2, `bus=ds${n}`)]),
    ],
  },
  {
    name: 'without-root',
    shows:
      'intel-root-port-without-acs, captured without root: 64 bytes of each configuration space, no tables, no kernel log.',
    kernel: '6.1',
    cmdline: 'intel_iommu=on',
    modules: ['e1000e'],
    withoutRoot: true,
    qemu: [...INTEL, rootPort(1, '0x2', WITHOUT_ACS), '-device e1000e,romfile=,bus=rp1'],
  },
  {
    name: 'thirty-devices',
    shows:
      'A server with thirty functions: two host bridges, a switch, disks with virtual functions, network, graphics, legacy cards.',
    kernel: '6.12',
    cmdline: 'intel_iommu=on',
    modules: ['nvme', 'e1000e', 'ahci', 'xhci_pci', 'vfio_pci'],
    steps: ['echo 2 > /sys/bus/pci/devices/0000:01:00.0/sriov_numvfs', 'bind_to vfio-pci 0000:02:00.0'],
    edits: [...GRAPHICS_CARD],
    qemu: [
      ...INTEL,
      rootPort(1, '0x2.0', ',multifunction=on'),
      rootPort(2, '0x2.1'),
      rootPort(3, '0x2.2'),
      rootPort(4, '0x3', WITHOUT_ACS),
      '-device nvme-subsys,id=subsystem',
      '-device nvme,bus=rp1,subsys=subsystem,serial=disk-0,sriov_max_vfs=2,sriov_vq_flexible=4,sriov_vi_flexible=2',
      ...graphicsCard('rp2'),
      upstream(5, 'rp3'),
      downstream(6, 'us5', '0x0'),
      downstream(7, 'us5', '0x1'),
      nvme(1, 'bus=ds6'),
      nvme(2, 'bus=ds7'),
      '-device pcie-pci-bridge,id=pb9,bus=rp4',
      '-device rtl8139,romfile=,bus=pb9,addr=0x1',
      '-device pci-serial-2x,bus=pb9,addr=0x2',
      '-device pxb-pcie,id=px10,addr=0x4,bus_nr=64',
      rootPort(11, '0x0,bus=px10'),
      rootPort(12, '0x1,bus=px10'),
      '-device e1000e,romfile=,bus=rp11,addr=0x0.0,multifunction=on',
      '-device e1000e,romfile=,bus=rp11,addr=0x0.1',
      '-device e1000e,romfile=,bus=rp12,addr=0x0.0,multifunction=on',
      '-device e1000e,romfile=,bus=rp12,addr=0x0.1',
    ],
  },
];
