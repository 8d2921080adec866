/**
 * @module Models that vfio-pci refuses unless its parameter `disable_denylist` is set: they can bring the host down, or
 * leak, whoever drives them (drivers/vfio/pci/vfio_pci.c).
 */
import { atLeast, type KernelRelease, known, type PciFunction } from '@isogroups/pci';

const INTEL = 0x8086;

interface DeniedModel {
  readonly device: number;
  /** The first series with the entry. */
  readonly since: readonly [major: number, minor: number];
}

const MODELS: readonly DeniedModel[] = Object.freeze([
  // QuickAssist: C3xxx, C62x, DH895xCC and their virtual functions.
  ...[0x19e2, 0x19e3, 0x37c8, 0x37c9, 0x0435, 0x0443].map((device) => ({ device, since: [5, 8] as const })),
  // Data Streaming and In-Memory Analytics accelerators of Sapphire Rapids (INTEL-SA-01084).
  ...[0x0b25, 0x0cfe].map((device) => ({ device, since: [6, 10] as const })),
]);

export function isDeniedModel(f: PciFunction, release: KernelRelease): boolean {
  if (known(f.vendor) !== INTEL) return false;
  return MODELS.some(({ device, since }) => device === known(f.device) && atLeast(release, ...since));
}
