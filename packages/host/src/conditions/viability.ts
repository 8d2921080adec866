/**
 * @module Whether a bound driver keeps VFIO from taking the group of its device.
 */
import { atLeast, type Fact, isUnknown, type KernelRelease } from '@isogroups/pci';

/**
 * Linux 5.19 replaced the list of harmless drivers that VFIO kept by a count of owners: a driver that does not leave the
 * DMA of its device to somebody else (`driver_managed_dma`) owns the group, and VFIO is refused. Before, every PCI
 * function whose header is not of type 0 was harmless whatever its driver.
 */
export type ViabilityRule = 'owners' | 'header-type';

export function viabilityRule(release: KernelRelease): ViabilityRule {
  return atLeast(release, 5, 19) ? 'owners' : 'header-type';
}

/** All variants of vfio-pci carry the word: mlx5_vfio_pci, hisi-acc-vfio-pci, vfio-platform, … */
const VFIO = /(?:^|[-_])vfio(?:[-_]|$)/;
/** The other drivers with `driver_managed_dma` (up to 7.1). */
const MANAGED_BY_OTHERS: ReadonlySet<string> = new Set(['pcieport', 'pci-stub']);

export function isVfioDriver(driver: string): boolean {
  return VFIO.test(driver);
}

export interface DriverVerdict {
  readonly blocks: 'yes' | 'no' | 'undecided';
  /** A clause: "is bound to nvme, which uses its DMA". */
  readonly because: string;
}

/** @param headerType undefined for what is no PCI function */
export function driverVerdict(
  driver: Fact<string | null>,
  headerType: Fact<number> | undefined,
  rule: ViabilityRule,
): DriverVerdict {
  const verdict = (blocks: DriverVerdict['blocks'], because: string): DriverVerdict => ({ blocks, because });
  if (isUnknown(driver)) return verdict('undecided', `may have a driver (${driver.why})`);
  if (driver === null) return verdict('no', 'has no driver');
  if (isVfioDriver(driver)) return verdict('no', `is bound to ${driver}`);
  if (driver === 'pci-stub') return verdict('no', 'is bound to pci-stub, which uses no DMA');
  if (rule === 'header-type') {
    if (headerType === undefined) return verdict('yes', `is bound to ${driver}`);
    if (isUnknown(headerType))
      return verdict('undecided', `is bound to ${driver}, and whether it is a bridge is not known`);
    if (headerType !== 0) return verdict('no', `is a bridge (bound to ${driver})`);
    return verdict('yes', `is bound to ${driver}`);
  }
  if (MANAGED_BY_OTHERS.has(driver))
    return verdict('no', `is a bridge, bound to ${driver}, which leaves DMA to others`);
  if (headerType !== undefined && !isUnknown(headerType) && headerType !== 0) {
    return verdict('yes', `is a bridge, bound to ${driver}; since Linux 5.19 only pcieport is harmless there`);
  }
  return verdict('yes', `is bound to ${driver}`);
}
