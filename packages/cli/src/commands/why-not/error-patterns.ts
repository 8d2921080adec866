/**
 * @module What programs say when a device cannot be handed over, and what they mean by it. Data only.
 */

/** Why a handover fails, as the texts tell it. */
export type ErrorCause =
  | 'group-not-viable'
  | 'interrupts'
  | 'firmware-memory'
  | 'refused-by-iommu'
  | 'no-kernel-group'
  | 'not-bound-to-vfio'
  | 'in-use'
  | 'not-permitted'
  | 'locked-memory'
  | 'too-many-mappings'
  | 'reserved-region'
  | 'reset-scope'
  | 'several-address-spaces';

export interface CauseFacts {
  /** What the text means: a sentence without a full stop. */
  readonly means: string;
  /** What to do about it where the facts of the machine say nothing to it. Imperatives. */
  readonly advice: readonly string[];
}

export const ERROR_CAUSES: Readonly<Record<ErrorCause, CauseFacts>> = Object.freeze({
  'group-not-viable': {
    means: 'another device of the group is bound to a driver of the host, and VFIO hands out only whole groups',
    advice: ['bind every endpoint of the group to vfio-pci, or unbind it'],
  },
  interrupts: {
    means: 'the device could forge interrupts, because they are not remapped, and VFIO refuses that',
    advice: [
      'switch interrupt remapping on in the firmware setup',
      'or accept the risk: options vfio_iommu_type1 allow_unsafe_interrupts=1 in /etc/modprobe.d',
    ],
  },
  'firmware-memory': {
    means: 'the firmware requires that the device keeps access to memory of its own (RMRR, unity map)',
    advice: ['switch off what needs that memory in the firmware setup, or use another slot or another device'],
  },
  'refused-by-iommu': {
    means: 'the IOMMU refused the group: its interrupts are not remapped, or the firmware keeps memory for it',
    advice: ['look for "No interrupt remapping support", "RMRR requirement" or "1:1 IOMMU mapping" in the kernel log'],
  },
  'no-kernel-group': {
    means: 'the device has no IOMMU group: no IOMMU is at work for it',
    advice: [
      'switch the IOMMU (VT-d, AMD-Vi, SMMU) on in the firmware setup',
      'and in the kernel: intel_iommu=on on Intel, no amd_iommu=off or iommu=off',
    ],
  },
  'not-bound-to-vfio': {
    means: 'the device is not bound to a driver of VFIO, so that there is no file for its group in /dev/vfio',
    advice: ['bind the device to vfio-pci; in a container, make /dev/vfio visible to it'],
  },
  'in-use': {
    means: 'somebody else has the group open: another machine, another process, or one that has not quite ended',
    advice: ['find who has it: fuser -v /dev/vfio/*', 'all devices of one group go to one process'],
  },
  'not-permitted': {
    means: 'the process may not open the file of the group',
    advice: [
      'look at owner and mode of /dev/vfio/<group>: a udev rule can give it to a group of users',
      'libvirt and containers keep lists of their own: cgroup_device_acl in qemu.conf, --device /dev/vfio/<group>',
    ],
  },
  'locked-memory': {
    means: 'the process may not lock as much memory as the guest has: VFIO keeps all of it in place',
    advice: [
      'raise the limit: ulimit -l, LimitMEMLOCK= of a service, hard_limit of libvirt, memlock in /etc/security/limits.conf',
    ],
  },
  'too-many-mappings': {
    means: 'the limit of mappings for one container is reached',
    advice: ['use huge pages, or raise vfio_iommu_type1.dma_entry_limit (65535)'],
  },
  'reserved-region': {
    means:
      'memory of the guest would lie where the IOMMU has a reserved region, or beyond the addresses that it can translate',
    advice: ['keep the memory of the guest out of the reserved regions of the group'],
  },
  'reset-scope': {
    means: 'the device can only be reset together with others, and not all of them belong to the same owner',
    advice: ['hand over all that shares the reset, or use a device with a function level reset'],
  },
  'several-address-spaces': {
    means: 'the guest has an IOMMU of its own, which would give devices of one group different address spaces',
    advice: ['put them behind one PCIe-to-PCI bridge of the guest, or hand over only one of them'],
  },
});

export interface ErrorPattern {
  readonly cause: ErrorCause;
  readonly program: 'QEMU' | 'libvirt' | 'DPDK' | 'Linux' | 'Cloud Hypervisor' | 'Proxmox VE' | 'KubeVirt' | 'VFIO';
  readonly matches: RegExp;
  /** A text as it is seen, for the tests. */
  readonly example: string;
}

const row = (program: ErrorPattern['program'], cause: ErrorCause, matches: RegExp, example: string): ErrorPattern =>
  Object.freeze({ program, cause, matches, example });

/** The first row that matches a text decides: the more telling texts stand first. */
export const ERROR_PATTERNS: readonly ErrorPattern[] = Object.freeze([
  // The kernel's log names the reason that programs only see as an errno.
  row(
    'Linux',
    'interrupts',
    /no interrupt remapping(?: io iommu)? support|allow_unsafe_interrupts/i,
    'vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module param "allow_unsafe_interrupts" to enable VFIO IOMMU support on this platform',
  ),
  row(
    'Linux',
    'firmware-memory',
    /requested this device have a 1:1 IOMMU mapping/i,
    'vfio-pci 0000:01:00.0: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting configuring the device without a 1:1 mapping. Contact your platform vendor.',
  ),
  row(
    'Linux',
    'firmware-memory',
    /ineligible for IOMMU domain attach due to platform RMRR/i,
    'vfio-pci 0000:04:00.0: Device is ineligible for IOMMU domain attach due to platform RMRR requirement.  Contact your platform vendor.',
  ),
  row(
    'Linux',
    'locked-memory',
    /RLIMIT_MEMLOCK \(\d+\) exceeded/i,
    'vfio_pin_pages_remote: RLIMIT_MEMLOCK (65536) exceeded',
  ),
  row(
    'Linux',
    'no-kernel-group',
    /vfio-pci\b.{0,40}probe.{0,40}failed with error -22/i,
    'vfio-pci: probe of 0000:03:00.0 failed with error -22',
  ),

  row(
    'QEMU',
    'group-not-viable',
    /group \d+ is not viable|all devices within the iommu[_ ]group are bound to their vfio bus driver/i,
    'qemu-system-x86_64: -device vfio-pci,host=01:00.0: vfio 0000:01:00.0: group 8 is not viable\nPlease ensure all devices within the iommu_group are bound to their vfio bus driver.',
  ),
  row(
    'DPDK',
    'group-not-viable',
    /VFIO group is not viable|not all devices in iommu group bound to vfio or unbound/i,
    'EAL: 0000:06:00.0 VFIO group is not viable! Not all devices in IOMMU group bound to VFIO or unbound',
  ),
  row(
    'VFIO',
    'group-not-viable',
    /IOMMU group \d+ has devices not bound to vfio-pci|must be bound to vfio-pci|group (?:is )?not viable|GroupViable/i,
    'IOMMU group 15 has devices not bound to vfio-pci: All devices in an IOMMU group must be bound to vfio-pci for VFIO to work.',
  ),

  row(
    'QEMU',
    'several-address-spaces',
    /group \d+ used in multiple address spaces/i,
    'vfio 0000:01:00.1: group 1 used in multiple address spaces',
  ),
  row(
    'QEMU',
    'firmware-memory',
    /failed to set group container: Invalid argument|VFIO_GROUP_SET_CONTAINER: invalid argument/i,
    'vfio 0000:01:00.0: failed to setup container for group 13: Failed to set group container: Invalid argument',
  ),
  row(
    'QEMU',
    'group-not-viable',
    /failed to set group container: Operation not permitted/i,
    'vfio 0000:01:00.0: failed to setup container for group 13: Failed to set group container: Operation not permitted',
  ),
  row(
    'QEMU',
    'refused-by-iommu',
    /failed to set iommu for container: Operation not permitted/i,
    'vfio 0000:06:00.0: failed to setup container for group 14: Failed to set iommu for container: Operation not permitted',
  ),
  row(
    'QEMU',
    'refused-by-iommu',
    /failed to set iommu for container: (?:Input\/output error|Invalid argument)|failed to select IOMMU type/i,
    'vfio 0000:06:00.0: failed to setup container for group 11: Failed to set iommu for container: Input/output error',
  ),
  row(
    'QEMU',
    'refused-by-iommu',
    /error bind device fd=\d+ to iommufd=\d+/i,
    'vfio 0000:01:00.0: error bind device fd=17 to iommufd=16: Operation not permitted',
  ),

  row(
    'QEMU',
    'no-kernel-group',
    /no iommu_group found/i,
    'vfio 0000:00:02.0: no iommu_group found: No such file or directory',
  ),
  row(
    'libvirt',
    'no-kernel-group',
    /host doesn'?t support passthrough of host PCI devices/i,
    "unsupported configuration: host doesn't support passthrough of host PCI devices",
  ),
  row(
    'Proxmox VE',
    'no-kernel-group',
    /cannot prepare PCI pass-through, IOMMU not present/i,
    'cannot prepare PCI pass-through, IOMMU not present',
  ),
  row(
    'Cloud Hypervisor',
    'no-kernel-group',
    /VfioNoIommuGroup/,
    'VfioNoIommuGroup("/sys/bus/pci/devices/0000:03:00.0/iommu_group")',
  ),
  row('QEMU', 'no-kernel-group', /No available IOMMU models|No IOMMU found/i, 'vfio: No available IOMMU models'),
  row('DPDK', 'no-kernel-group', /no supported IOMMU extensions found/i, 'EAL: No supported IOMMU extensions found!'),
  row(
    'libvirt',
    'no-kernel-group',
    /unable to find (?:the )?IOMMU group|(?:unable to|cannot) (?:get|find) .{0,80}iommu_group/i,
    'internal error: unable to find IOMMU group of PCI device 0000:03:00.0',
  ),

  row(
    'libvirt',
    'in-use',
    /is in use by (?:driver|domain)|is already in use|already attached/i,
    'Requested operation is not valid: PCI device 0000:01:00.0 is in use by driver QEMU, domain win10',
  ),
  row(
    'QEMU',
    'in-use',
    /\/dev\/(?:vfio\/\S{1,20}|iommu).{0,40}(?:Device or resource busy|EBUSY)/i,
    "vfio 0000:01:00.0: Could not open '/dev/vfio/14': Device or resource busy",
  ),
  row(
    'QEMU',
    'not-permitted',
    /\/dev\/(?:vfio\/\S{1,20}|iommu).{0,40}(?:Permission denied|Operation not permitted|EACCES|EPERM)/i,
    "vfio 0000:01:00.0: Could not open '/dev/vfio/14': Permission denied",
  ),
  row(
    'QEMU',
    'not-bound-to-vfio',
    /\/dev\/vfio\/\S{1,40} (?:No such file or directory|does not exist)|lstat \/dev\/vfio\/\S{1,40}: no such file/i,
    "vfio 0000:01:00.0: Could not open '/dev/vfio/14': No such file or directory",
  ),
  row(
    'QEMU',
    'not-bound-to-vfio',
    /error getting device (?:\S+ )?from group \d+|Verify all devices in group \d+ are bound/i,
    'vfio 0000:12:02.0: error getting device from group 24: No such device\nVerify all devices in group 24 are bound to vfio-<bus> or pci-stub and not already in use',
  ),
  row(
    'DPDK',
    'not-bound-to-vfio',
    /not managed by VFIO driver/i,
    'EAL: 0000:06:00.0 not managed by VFIO driver, skipping',
  ),
  row('DPDK', 'not-bound-to-vfio', /failed to open (?:VFIO )?group \d+/i, 'EAL: Failed to open VFIO group 49'),
  row(
    'QEMU',
    'not-bound-to-vfio',
    /error opening \/dev\/vfio\/\d+|failed to open \/dev\/vfio\/\d+/i,
    'vfio: failed to open /dev/vfio/14: Input/output error',
  ),

  row(
    'QEMU',
    'locked-memory',
    /VFIO_MAP_DMA failed: Cannot allocate memory|vfio_dma_map\(.{0,200}Cannot allocate memory/i,
    'VFIO_MAP_DMA failed: Cannot allocate memory',
  ),
  row(
    'DPDK',
    'locked-memory',
    /cannot set up DMA remapping, error 12/i,
    'EAL: Cannot set up DMA remapping, error 12 (Cannot allocate memory)',
  ),
  row(
    'QEMU',
    'too-many-mappings',
    /VFIO_MAP_DMA failed: No space left on device|running out of DMA mappings/i,
    'VFIO_MAP_DMA failed: No space left on device',
  ),
  row(
    'QEMU',
    'reserved-region',
    /VFIO_MAP_DMA failed: (?:Invalid argument|Bad address)|vfio_dma_map\(.{0,200}Invalid argument/i,
    'VFIO_MAP_DMA failed: Invalid argument',
  ),

  row(
    'QEMU',
    'reset-scope',
    /cannot reset device.{0,60}depends on group \d+ which is not owned/i,
    'vfio: Cannot reset device 0000:01:00.2, depends on group 0 which is not owned.',
  ),
  row(
    'libvirt',
    'reset-scope',
    /devices on bus with .{0,60}, not doing bus reset|no FLR, PM reset or bus reset available|no available reset mechanism/i,
    'internal error: Unable to reset PCI device 0000:04:00.0: internal error: Active 0000:04:00.1 devices on bus with 0000:04:00.0, not doing bus reset',
  ),
  row(
    'libvirt',
    'group-not-viable',
    /PCI device \S+ is not assignable|behind a switch lacking ACS/i,
    'Requested operation is not valid: PCI device 0000:05:00.0 is not assignable',
  ),
]);
