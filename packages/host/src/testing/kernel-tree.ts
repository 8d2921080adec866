/**
 * @module The files of a kernel state: a small Intel machine around its devices, which are functions of slots of the root bus.
 */
import type { MachineTree } from '@isogroups/inventory';
import { buildConfigSpace, buildDmar, drhd, expressCapability, serialNumberCapability } from '@isogroups/pci/encode';
import { functionFiles } from '../../../inventory/src/testing/small-machine.ts';
import { type FileRecipes, memoryTreeOf } from '../../../inventory/src/testing/tree-entries.ts';
import type { FakeDevice, KernelState } from './kernel-state.ts';

const RELEASE = '6.12.48-amd64';
const VERSION = `Linux version ${RELEASE} (me@build) (gcc) #1 SMP Debian 6.12.48-1`;

const bootId = (state: KernelState): string => `boot-${state.boot}`;

export function kernelTree(state: KernelState): MachineTree {
  return memoryTreeOf(kernelFiles(state));
}

export function kernelFiles(state: KernelState): FileRecipes {
  const files: Record<string, FileRecipes[string]> = {
    'proc/version': VERSION,
    'proc/sys/kernel/osrelease': RELEASE,
    'proc/sys/kernel/random/boot_id': bootId(state),
    'proc/cmdline': 'intel_iommu=on',
    'dmesg.txt': `[    0.000000] ${VERSION}\n[    0.600000] DMAR-IR: Enabled IRQ remapping in x2apic mode`,
    'sys/firmware/acpi/tables/DMAR': buildDmar({ structures: [drhd(0xfed90000, { includeAll: true })] }),
    'sys/class/iommu/dmar0': { link: '../../devices/virtual/iommu/dmar0' },
    'sys/devices/virtual/iommu/dmar0/intel-iommu/ecap': 'f020df',
    'sys/kernel/iommu_groups': null,
    'sys/bus/pci/drivers_probe': '',
  };
  for (const driver of state.drivers) {
    for (const file of ['bind', 'unbind']) files[`sys/bus/pci/drivers/${driver}/${file}`] = '';
  }
  for (const device of state.devices) if (device.present) Object.assign(files, deviceFiles(state, device));
  return files;
}

function deviceFiles(state: KernelState, device: FakeDevice): FileRecipes {
  const [vendor = '', id = ''] = device.ids.split(':');
  const classCode = '020000';
  const more: Record<string, FileRecipes[string]> = { driver_override: device.override ?? '(null)' };
  if (device.owner !== undefined) more.physfn = { link: `../${device.owner.address}` };
  if (device.vfs !== undefined) {
    more.sriov_numvfs = `${device.vfs}`;
    for (const { address, owner } of state.devices) {
      // Of one that is removed by itself the link stays, until all are switched off (pci_iov_remove_virtfn in iov.c).
      if (owner?.address === device.address && owner.number < device.vfs) {
        more[`virtfn${owner.number}`] = { link: `../${address}` };
      }
    }
  }
  return {
    ...functionFiles({
      place: `pci0000:00/${device.address}`,
      config: buildConfigSpace({
        vendor: Number.parseInt(vendor, 16),
        device: Number.parseInt(id, 16),
        classCode: Number.parseInt(classCode, 16),
        headerType: 0x80,
        subsystem: [0x8086, 0x0001],
        capabilities: [expressCapability({ type: 0, flr: true })],
        extended: device.serial === undefined ? [] : [serialNumberCapability(Number.parseInt(device.serial, 16), 0)],
      }),
      ids: [vendor, id, classCode],
      group: device.group,
      ...(device.driver === null ? {} : { driver: device.driver }),
      more,
    }),
    [`sys/kernel/iommu_groups/${device.group}/type`]: 'DMA',
    [`sys/kernel/iommu_groups/${device.group}/reserved_regions`]: '0x00000000fee00000 0x00000000feefffff msi',
  };
}
