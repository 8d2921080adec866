/**
 * @module What to say of a machine whose IOMMU does nothing: what that means, what is missing, what would help.
 */
import { type Analysis, known, type NoIommu } from '@isogroups/pci';

/** A captured machine of the repository, to try. */
export const EXAMPLE = 'examples/gaming-pc.tar.gz';

/** Paragraphs, or none where an IOMMU is at work. */
export function noIommuParagraphs(analysis: Analysis): readonly string[] {
  const missing = missingIommu(analysis);
  if (missing === undefined) return [];
  return [
    `No IOMMU is at work on this machine: every device that can do DMA can read and write all memory, and no device can be handed over safely.`,
    `What is missing: ${missing.says}. ${missing.advice}.`,
    `To see the groups of a machine that has one, give a captured machine: isogroups --machine FILE (from the repository: npm start -- --machine ${EXAMPLE}).`,
  ];
}

/** What is missing, as a clause, and what would help, as sentences without the last full stop; none where an IOMMU is at work. */
export function missingIommu(analysis: Analysis): { readonly says: string; readonly advice: string } | undefined {
  const { none } = analysis.replay.coverage;
  return none === undefined ? undefined : { says: none.says, advice: advice(analysis, none) };
}

function advice(analysis: Analysis, none: NoIommu): string {
  switch (none.kind) {
    case 'no-table':
      return isVirtual(analysis)
        ? 'This is a virtual machine: its hypervisor has to give it an IOMMU (QEMU: -device intel-iommu,intremap=on, amd-iommu or virtio-iommu-pci)'
        : 'Look in the firmware setup for VT-d, AMD-Vi, IOMMU or SMMU and switch it on; if there is no such setting, the processor or board has none';
    case 'switched-off':
      return 'Take that word away from the kernel command line and boot again';
    case 'not-registered':
      return architectureOption(analysis);
    case 'unusable-table':
      return 'A firmware update may repair the table; the kernel log says what it does not like';
  }
}

function architectureOption({ machine }: Analysis): string {
  if (known(machine.firmware.dmar)) return 'Boot with intel_iommu=on; many kernels leave VT-d off by default';
  if (known(machine.firmware.ivrs))
    return 'Boot without amd_iommu=off and iommu=off, and look in the kernel log for "AMD-Vi"';
  return 'Boot with intel_iommu=on on Intel machines, and look in the kernel log for "DMAR", "AMD-Vi" or "smmu"';
}

const RED_HAT_QUMRANET = 0x1af4;
const RED_HAT = 0x1b36;
const VMWARE = 0x15ad;
const HYPER_V = 0x1414;
const VIRTUALBOX = 0x80ee;

/** Devices that only hypervisors have. */
function isVirtual({ machine }: Analysis): boolean {
  const makers = new Set<number | undefined>([RED_HAT_QUMRANET, RED_HAT, VMWARE, HYPER_V, VIRTUALBOX]);
  return machine.functions.some((f) => makers.has(known(f.vendor)));
}
