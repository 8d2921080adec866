/**
 * @module The files of a small Intel machine, for tests:
 *
 *     0000:00:00.0  host bridge                       group 0
 *     0000:00:0e.0  VMD                               group 3   └ 10000:e0:06.0 root port └ 10000:e1:00.0 NVMe
 *     0000:00:1c.0  root port, ACS on                 group 1
 *       0000:01:00.0  network card, serial number     group 2   └ virtio0, a child
 *       0000:01:00.1  the same card, second function  group 2
 *       0000:01:10.0  virtual function of 01:00.0     group 4
 *     idma64.0      a platform device                 group 5
 */
import {
  acsCapability,
  buildConfigSpace,
  type CapabilityRecipe,
  expressCapability,
  serialNumberCapability,
  sriovCapability,
} from '../../../pci/src/encode/config-space.ts';
import { buildDmar, drhd } from '../../../pci/src/encode/dmar.ts';
import { buildMcfg, mcfgWindow } from '../../../pci/src/encode/mcfg.ts';
import type { FileRecipes } from './tree-entries.ts';

const VERSION =
  'Linux version 6.12.48-amd64 (me@buildhost) (x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0) #1 SMP Debian 6.12.48-1';
const COMMAND_LINE =
  'BOOT_IMAGE=/vmlinuz root=UUID=0c9ad3f1-6b38-4f2c-9d5e-7a5b1c2d3e4f ro quiet intel_iommu=on hostname=secretbox pci=noats';

const vitalProductData: CapabilityRecipe = { id: 0x03, bytes: Uint8Array.of(0, 0, 0x10, 0x80, 0x53, 0x4e, 0x31, 0x32) };

const PORT_CONFIG = buildConfigSpace({
  device: 0x9d10,
  classCode: 0x060400,
  headerType: 0x81,
  bridge: { primary: 0, secondary: 1, subordinate: 1 },
  capabilities: [expressCapability({ type: 4 })],
  extended: [acsCapability(0x1f, 0x1d)],
});
const CARD_CONFIG = buildConfigSpace({
  device: 0x1521,
  headerType: 0x80,
  subsystem: [0x8086, 0x0001],
  capabilities: [expressCapability({ type: 0, flr: true }), vitalProductData],
  extended: [
    serialNumberCapability(0xff334455, 0xa0b1c2d3),
    sriovCapability({ enabled: true, totalVfs: 7, numVfs: 1, firstVfOffset: 0x80, vfStride: 2, vfDeviceId: 0x1520 }),
  ],
});
const VF_CONFIG = buildConfigSpace({
  vendor: 0xffff,
  device: 0xffff,
  capabilities: [expressCapability({ type: 0 })],
  length: 4096,
});

interface FunctionRecipe {
  /** Directory below `sys/devices`, the function's own address at its end. */
  readonly place: string;
  readonly config: Uint8Array;
  readonly ids: readonly [vendor: string, device: string, classCode: string];
  readonly group: number | null;
  readonly driver?: string;
  readonly more?: FileRecipes;
}

/** The files of one function as the kernel offers them, and its link in `sys/bus/pci/devices`. */
export function functionFiles({ place, config, ids, group, driver, more = {} }: FunctionRecipe): FileRecipes {
  const path = `sys/devices/${place}`;
  const address = place.slice(place.lastIndexOf('/') + 1);
  // From the directory up to `sys`.
  const up = '../'.repeat(place.split('/').length + 1);
  const [vendor, device, classCode] = ids;
  const files: Record<string, FileRecipes[string]> = {
    [`sys/bus/pci/devices/${address}`]: { link: `../../../devices/${place}` },
    [`${path}/class`]: `0x${classCode}`,
    [`${path}/config`]: config,
    [`${path}/device`]: `0x${device}`,
    [`${path}/driver_override`]: '(null)',
    [`${path}/numa_node`]: '0',
    [`${path}/resource`]: `${'0x0000000000000000 '.repeat(3).trim()}\n0x00000000fd800000 0x00000000fd800fff 0x0000000000040200`,
    [`${path}/revision`]: '0x00',
    [`${path}/subsystem`]: { link: `${up}bus/pci` },
    [`${path}/subsystem_device`]: '0x0001',
    [`${path}/subsystem_vendor`]: '0x8086',
    [`${path}/vendor`]: `0x${vendor}`,
  };
  if (driver !== undefined) files[`${path}/driver`] = { link: `${up}bus/pci/drivers/${driver}` };
  if (group !== null) {
    files[`${path}/iommu_group`] = { link: `${up}kernel/iommu_groups/${group}` };
    files[`${path}/iommu`] = { link: `${up}devices/virtual/iommu/dmar0` };
    files[`sys/kernel/iommu_groups/${group}/devices/${address}`] = { link: `../../../../devices/${place}` };
  }
  for (const [name, content] of Object.entries(more)) files[`${path}/${name}`] = content;
  return files;
}

const group = (id: number, type: string): FileRecipes => ({
  [`sys/kernel/iommu_groups/${id}/type`]: type,
  [`sys/kernel/iommu_groups/${id}/reserved_regions`]: '0x00000000fee00000 0x00000000feefffff msi',
});

const ROOT = 'pci0000:00';
const VMD = `${ROOT}/0000:00:0e.0/pci10000:e0`;

/** `without`: paths, or beginnings of paths, that are left out before the changes are made. */
export function smallMachine(changes: FileRecipes = {}, without: readonly string[] = []): FileRecipes {
  const files: FileRecipes = {
    'proc/version': VERSION,
    'proc/cmdline': COMMAND_LINE,
    'proc/iomem': '00000000-00000fff : Reserved',
    'dmesg.txt': [
      `[    0.000000] ${VERSION}`,
      `[    0.000000] Command line: ${COMMAND_LINE}`,
      '[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable',
      '[    0.000000] DMI: Maker Model/Board, BIOS 1.2 01/01/2026',
      '[    0.100000] ACPI: DMAR 0x000000007A0E0000 000050 (v01 MAKER  MODEL    00000001      01000013)',
      '[    0.400000] PCI host bridge to bus 0000:00',
      '[    0.600000] DMAR-IR: Enabled IRQ remapping in x2apic mode',
      '[    0.700000] pci 0000:00:00.0: Adding to iommu group 0',
      '[    1.100000] igb 0000:01:00.0: eth0: (PCIe:5.0Gb/s:Width x4) a0:b1:c2:33:44:55',
      '[    1.200000] vmd 0000:00:0e.0: PCI host bridge to bus 10000:e0',
      '[    2.000000] systemd[1]: Hostname set to <secretbox>.',
    ].join('\n'),
    'sys/firmware/acpi/tables/DMAR': buildDmar({ structures: [drhd(0xfed90000, { includeAll: true })] }),
    'sys/firmware/acpi/tables/MCFG': buildMcfg(mcfgWindow(0xe0000000n, 0, 0, 255)),
    'sys/firmware/acpi/tables/SSDT': 'not of interest',
    'sys/class/iommu/dmar0': { link: '../../devices/virtual/iommu/dmar0' },
    'sys/devices/virtual/iommu/dmar0/subsystem': { link: '../../../../class/iommu' },
    'sys/devices/virtual/iommu/dmar0/intel-iommu/ecap': 'f020df',
    'sys/bus/pci/slots/1/address': '0000:01:00',
    ...functionFiles({
      place: `${ROOT}/0000:00:00.0`,
      config: buildConfigSpace({ device: 0x1904, classCode: 0x060000 }),
      ids: ['8086', '1904', '060000'],
      group: 0,
    }),
    ...functionFiles({
      place: `${ROOT}/0000:00:0e.0`,
      config: buildConfigSpace({ device: 0x9a0b, classCode: 0x010400, capabilities: [expressCapability({ type: 9 })] }),
      ids: ['8086', '9a0b', '010400'],
      group: 3,
      driver: 'vmd',
    }),
    ...functionFiles({
      place: `${VMD}/10000:e0:06.0`,
      config: buildConfigSpace({
        device: 0x9a09,
        classCode: 0x060400,
        headerType: 1,
        bridge: { primary: 0xe0, secondary: 0xe1, subordinate: 0xe1 },
        capabilities: [expressCapability({ type: 4 })],
      }),
      ids: ['8086', '9a09', '060400'],
      group: 3,
      driver: 'pcieport',
    }),
    ...functionFiles({
      place: `${VMD}/10000:e0:06.0/10000:e1:00.0`,
      config: buildConfigSpace({ device: 0xf1a8, classCode: 0x010802, capabilities: [expressCapability({ type: 0 })] }),
      ids: ['8086', 'f1a8', '010802'],
      group: 3,
      driver: 'nvme',
      more: { serial_number: 'a0-b1-c2-d3-ff-33-44-55' },
    }),
    ...functionFiles({
      place: `${ROOT}/0000:00:1c.0`,
      config: PORT_CONFIG,
      ids: ['8086', '9d10', '060400'],
      group: 1,
      driver: 'pcieport',
      more: {
        firmware_node: { link: '../../LNXSYSTM:00/LNXSYBUS:00/PNP0A08:00/device:03' },
        'pci_bus/0000:01/cpulistaffinity': '0-7',
      },
    }),
    ...functionFiles({
      place: `${ROOT}/0000:00:1c.0/0000:01:00.0`,
      config: CARD_CONFIG,
      ids: ['8086', '1521', '020000'],
      group: 2,
      driver: 'igb',
      more: {
        reset_method: 'flr bus',
        boot_vga: '1',
        removable: 'fixed',
        driver_override: 'vfio-pci',
        virtfn0: { link: '../0000:01:10.0' },
        'virtio0/driver': { link: '../../../../../bus/virtio/drivers/virtio_net' },
        'virtio0/subsystem': { link: '../../../../../bus/virtio' },
      },
    }),
    ...functionFiles({
      place: `${ROOT}/0000:00:1c.0/0000:01:00.1`,
      config: buildConfigSpace({ device: 0x1521, headerType: 0x80, capabilities: [expressCapability({ type: 0 })] }),
      ids: ['8086', '1521', '020000'],
      group: 2,
      more: { numa_node: '-1' },
    }),
    ...functionFiles({
      place: `${ROOT}/0000:00:1c.0/0000:01:10.0`,
      config: VF_CONFIG,
      ids: ['8086', '1520', '020000'],
      group: 4,
      driver: 'igbvf',
      more: { physfn: { link: '../0000:01:00.0' } },
    }),
    'sys/devices/platform/idma64.0/subsystem': { link: '../../../bus/platform' },
    'sys/devices/platform/idma64.0/driver': { link: '../../../bus/platform/drivers/idma64' },
    'sys/devices/platform/idma64.0/iommu_group': { link: '../../../kernel/iommu_groups/5' },
    'sys/kernel/iommu_groups/5/devices/idma64.0': { link: '../../../../devices/platform/idma64.0' },
    ...group(0, 'DMA'),
    ...group(1, 'DMA'),
    ...group(2, 'DMA-FQ'),
    ...group(3, 'identity'),
    ...group(4, 'DMA'),
    ...group(5, 'DMA'),
  };
  const left = Object.entries(files).filter(([path]) => !without.some((beginning) => path.startsWith(beginning)));
  return { ...Object.fromEntries(left), ...changes };
}
