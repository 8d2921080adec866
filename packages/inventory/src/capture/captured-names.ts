/**
 * @module Which files and links of sysfs go into a snapshot. Only what is named here is opened: other attributes may be
 * slow, private, or act on being read.
 */

/** Of a PCI function: what describes the device, its place and its state; not its memory (`resource0`) or its rom. */
export const FUNCTION_FILES: readonly string[] = [
  'acpi_index',
  'ari_enabled',
  'boot_vga',
  'class',
  'config',
  'consistent_dma_mask_bits',
  'current_link_speed',
  'current_link_width',
  'd3cold_allowed',
  'device',
  'devspec',
  'dma_mask_bits',
  'driver_override',
  'enable',
  'index',
  'irq',
  'label',
  'local_cpulist',
  'local_cpus',
  'max_link_speed',
  'max_link_width',
  'modalias',
  'msi_bus',
  'numa_node',
  'power_state',
  'removable',
  'reset_method',
  'resource',
  'revision',
  'secondary_bus_number',
  'serial_number',
  'sriov_drivers_autoprobe',
  'sriov_numvfs',
  'sriov_offset',
  'sriov_stride',
  'sriov_totalvfs',
  'sriov_vf_device',
  'sriov_vf_total_msix',
  'subordinate_bus_number',
  'subsystem_device',
  'subsystem_vendor',
  'vendor',
];

export const DEVICE_LINKS: readonly string[] = [
  'driver',
  'firmware_node',
  'iommu',
  'iommu_group',
  'of_node',
  'physfn',
  'subsystem',
];

/** `virtfn0` … of a physical function. */
export const VIRTUAL_FUNCTION_LINK: RegExp = /^virtfn\d+$/;

/** Of a device that is no PCI function: a member of a group, or a child that does DMA by its parent. */
export const OTHER_DEVICE_FILES: readonly string[] = ['modalias'];

/** Below a bridge or root bus: `pci_bus/0000:01`. */
export const BUS_FILES: readonly string[] = ['cpuaffinity', 'cpulistaffinity'];
export const BUS_LINKS: readonly string[] = ['device', 'subsystem'];

export const SLOT_FILES: readonly string[] = [
  'adapter',
  'address',
  'attention',
  'cur_bus_speed',
  'latch',
  'max_bus_speed',
  'module',
  'power',
];

export const GROUP_FILES: readonly string[] = ['name', 'reserved_regions', 'type'];

/** Directories that drivers add to an IOMMU, and what is in them. */
export const IOMMU_DIRECTORIES: Readonly<Record<string, readonly string[]>> = {
  'intel-iommu': ['address', 'cap', 'domains_supported', 'domains_used', 'ecap', 'version'],
  'amd-iommu': ['cap', 'features'],
};

/** What tells of IOMMUs, interrupts and nearness; no table that carries serial numbers. */
export const TABLES: readonly string[] = ['APIC', 'DMAR', 'FACP', 'IORT', 'IVRS', 'MCFG', 'RIMT', 'SRAT', 'VIOT'];

export const PROC_FILES: readonly string[] = [
  'proc/cmdline',
  'proc/iomem',
  'proc/sys/kernel/arch',
  'proc/sys/kernel/osrelease',
  'proc/version',
];
