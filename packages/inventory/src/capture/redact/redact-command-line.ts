/**
 * @module Takes out of a kernel command line all that does not bear on isolation.
 */

/**
 * Parameters whose values are kept, by the name before `=` (and before the first dot, as in `vfio-pci.ids`). All others
 * may name disks, hosts, addresses or keys.
 */
const KEPT: ReadonlySet<string> = new Set([
  'acpi',
  'amd_iommu',
  'amd_iommu_dump',
  'amd_iommu_intr',
  'arm-smmu',
  'arm-smmu-v3',
  'arm_smmu',
  'arm_smmu_v3',
  'efi',
  'hugepages',
  'hugepagesz',
  'intel_iommu',
  'intremap',
  'iommu',
  'isolation_allow',
  'kvm',
  'kvm-amd',
  'kvm-intel',
  'kvm_amd',
  'kvm_intel',
  'mem_encrypt',
  'module_blacklist',
  'noapic',
  'nolapic',
  'nomodeset',
  'nosmp',
  'nox2apic',
  'pci',
  'pci-stub',
  'pci_pt_e820_access',
  'pci_stub',
  'pcie_acs_override',
  'pcie_aspm',
  'pcie_port_pm',
  'pcie_ports',
  'pciehp',
  'quiet',
  'ro',
  'rw',
  'swiotlb',
  'vfio',
  'vfio-pci',
  'vfio_iommu_type1',
  'vfio_pci',
  'video',
  'virtio_iommu',
  'vmd',
  'x2apic_phys',
]);

/** Values become `*` of the same length, so that the text's length is the same; words behind `--` are for `init`. */
export function redactCommandLine(text: string): string {
  let forInit = false;
  return text.replace(/(?:"[^"]*"|[^\s"])+/g, (word) => {
    if (word === '--') {
      forInit = true;
      return word;
    }
    const equals = word.indexOf('=');
    const name = (equals === -1 ? word : word.slice(0, equals)).split('.', 1)[0] as string;
    if (!forInit && KEPT.has(name)) return word;
    return equals === -1 || forInit
      ? stars(word.length)
      : `${word.slice(0, equals + 1)}${stars(word.length - equals - 1)}`;
  });
}

const stars = (length: number): string => '*'.repeat(length);
