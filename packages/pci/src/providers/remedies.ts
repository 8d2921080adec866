/**
 * @module What would take an interference away, as instructions. Shared constants: a machine has few different ones.
 */
import type { Remedy } from '@isogroups/core';

const remedy = (kind: Remedy['kind'], text: string): Remedy => Object.freeze({ kind, text });

const together = remedy('hand-over-together', 'hand over all of them together');

type Situation =
  | 'together'
  | 'acsOff'
  | 'noAcs'
  | 'conventional'
  | 'alias'
  | 'interrupts'
  | 'untranslated'
  | 'firmwareMemory'
  | 'ats'
  | 'forged'
  | 'reset';

export const REMEDIES: Readonly<Record<Situation, readonly Remedy[]>> = Object.freeze({
  together: Object.freeze([together]),
  acsOff: Object.freeze([
    remedy(
      'firmware-setting',
      'switch ACS on in the firmware setup, or boot a kernel that sees an IOMMU: it sets these bits itself',
    ),
    remedy('kernel-option', 'look for pci=disable_acs_redir= or pci=config_acs= on the kernel command line'),
    together,
  ]),
  noAcs: Object.freeze([
    remedy('other-slot', 'move one of them to a slot behind a port that has ACS'),
    together,
    remedy(
      'accept',
      'accept the risk, at every place that is named: --accept peer-to-peer@<place> (pcie_acs_override= only makes the kernel look away)',
    ),
  ]),
  conventional: Object.freeze([remedy('other-slot', 'move one of them out of the conventional PCI bus'), together]),
  alias: Object.freeze([together]),
  interrupts: Object.freeze([
    remedy('firmware-setting', 'switch interrupt remapping (VT-d, AMD-Vi) on in the firmware setup'),
    remedy('kernel-option', 'remove intremap=off or nointremap from the kernel command line'),
    remedy(
      'accept',
      'accept the risk: --accept interrupts (vfio_iommu_type1.allow_unsafe_interrupts=1 for the kernel)',
    ),
  ]),
  untranslated: Object.freeze([
    remedy('firmware-setting', 'switch the IOMMU (VT-d, AMD-Vi, SMMU) on in the firmware setup'),
    remedy('kernel-option', 'boot with intel_iommu=on (Intel); take iommu=off or amd_iommu=off away'),
  ]),
  firmwareMemory: Object.freeze([
    remedy(
      'firmware-setting',
      'switch off the firmware feature that needs the memory (USB legacy support, remote management, shared graphics)',
    ),
    remedy('accept', 'accept the risk where the kernel permits it: --accept firmware-memory@<device>'),
  ]),
  ats: Object.freeze([
    remedy('kernel-option', 'boot with pci=noats: ports then block translated requests'),
    remedy('accept', 'accept the risk: --accept translated-requests@<device>'),
  ]),
  forged: Object.freeze([remedy('firmware-setting', 'switch ACS source validation on at the ports'), together]),
  reset: Object.freeze([together]),
});
