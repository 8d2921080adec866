/**
 * @module Memory that the firmware demands for a group (RMRR, unity map, RMR).
 */
import { atLeast, type KernelGroup, type KernelRules, known, type Machine, type ReservedRegion } from '@isogroups/pci';

/**
 * Such a group cannot be put into a domain of its own. Linux refuses since 6.6 wherever a region is `direct`; before, only
 * VT-d did, when the domain was attached. `direct-relaxable` (graphics and USB on Intel) does not count.
 *
 * @returns a sentence without a full stop; undefined where nothing is in the way
 */
export function directRegionSentence(
  { firmware }: Machine,
  { release }: KernelRules,
  group: KernelGroup,
): string | undefined {
  if (!atLeast(release, 6, 6) && !known(firmware.dmar)) return undefined;
  const direct = (known(group.reservedRegions) ?? []).filter((r) => r.type === 'direct');
  if (direct.length === 0) return undefined;
  return (
    `the firmware requires that kernel group ${group.id} keeps direct access to ${direct.map(range).join(', ')}: ` +
    'VFIO refuses such a group, whatever the policy says'
  );
}

export const DIRECT_REGION_FIX: string =
  'switch off what needs the memory in the firmware setup (USB legacy support, remote management, pre-boot DMA ' +
  'protection), or use a slot that the firmware does not name';

const range = (r: ReservedRegion): string => `0x${r.start.toString(16)}-0x${r.end.toString(16)}`;
