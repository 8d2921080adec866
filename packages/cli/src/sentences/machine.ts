/**
 * @module The machine in a line: where it was read, its kernel, its IOMMU.
 */
import { type Analysis, type IommuUnit, interruptIsolation, isUnknown, known } from '@isogroups/pci';
import { listWords } from './party.ts';

const KINDS: Readonly<Record<IommuUnit['kind'], string>> = Object.freeze({
  'vt-d': 'Intel VT-d',
  'amd-vi': 'AMD-Vi',
  smmu: 'Arm SMMU',
  'virtio-iommu': 'virtio-iommu',
  unknown: 'an IOMMU of a kind not known',
});

/** `this machine, Linux 6.12.15: Intel VT-d (vtd0 and vtd1), interrupts remapped`. */
export function machineSentence(analysis: Analysis): string {
  const { machine } = analysis;
  const release = known(machine.kernel.release);
  const kernel = release === undefined ? 'kernel not known' : `Linux ${release}`;
  return `${machine.source.label}, ${kernel}: ${iommuWords(analysis)}`;
}

/** `Intel VT-d (vtd0), interrupts remapped`; `no IOMMU at work`. */
export function iommuWords({ machine, replay, options }: Analysis): string {
  const { coverage } = replay;
  if (coverage.none !== undefined) return 'no IOMMU at work';
  const kinds = [...new Set(coverage.units.map((u) => KINDS[u.kind]))].join(' and ');
  const names =
    coverage.units[0]?.kind === 'unknown'
      ? ''
      : ` (${listWords(
          coverage.units.map((u) => u.name),
          6,
        )})`;
  const isolation = interruptIsolation(machine, options);
  const interrupts = isUnknown(isolation)
    ? 'interrupt remapping not known'
    : isolation.isolated
      ? 'interrupts remapped'
      : 'interrupts not remapped';
  return `${kinds}${names}, ${interrupts}`;
}
