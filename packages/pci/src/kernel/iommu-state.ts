/**
 * @module Which IOMMU driver is at work on the machine, and what it covers.
 */
import { formatAddress } from '../facts/address.ts';
import { type Fact, isUnknown, known, type Unknown, unknown } from '../facts/fact.ts';
import type { Machine } from '../facts/machine.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { isStoneyRidge } from '../quirks/amd-iommu-quirks.ts';
import { needsGraphicsOff } from '../quirks/intel-iommu-quirks.ts';
import type { Topology } from '../topology/topology.ts';
import type { Aliases } from './aliases.ts';
import type { KernelOptions } from './command-line/kernel-options.ts';
import { amdViCoverage } from './coverage/amd-vi.ts';
import { type Coverage, noCoverage } from './coverage/coverage.ts';
import { deviceTreeCoverage } from './coverage/device-tree.ts';
import { iortCoverage } from './coverage/iort.ts';
import { viotCoverage } from './coverage/viot.ts';
import { vtdCoverage } from './coverage/vtd.ts';

export function findCoverage(topology: Topology, aliases: Aliases, options: KernelOptions): Coverage {
  const { firmware, kernel } = topology.machine;
  const dmar = known(firmware.dmar);
  if (dmar) {
    const off = switchedOff(topology.machine, 'dmar', 'VT-d', [
      [options.iommu.off, 'iommu=off'],
      [options.intelIommu.off, 'intel_iommu=off'],
    ]);
    if (off !== undefined) return noCoverage(off);
    const ignoreGraphics = options.intelIommu.igfxOff || needsGraphicsOff(topology.machine);
    return vtdCoverage(topology, dmar, { ignoreGraphics });
  }
  const ivrs = known(firmware.ivrs);
  if (ivrs) {
    const off = switchedOff(topology.machine, 'ivhd', 'AMD-Vi', [
      [options.iommu.off, 'iommu=off'],
      [options.amdIommu.off, 'amd_iommu=off'],
    ]);
    if (off === undefined && isStoneyRidge(topology.machine) && !options.amdIommu.forceEnable) {
      return noCoverage({
        kind: 'switched-off',
        says: 'Linux leaves the IOMMU of Stoney Ridge graphics alone unless it is started with amd_iommu=force_enable',
      });
    }
    return off === undefined ? amdViCoverage(topology, ivrs, aliases) : noCoverage(off);
  }
  const iort = known(firmware.iort);
  if (iort) {
    const off = switchedOff(topology.machine, 'smmu', 'the SMMU driver', []);
    return off === undefined ? iortCoverage(topology, iort, aliases) : noCoverage(off);
  }
  const viot = known(firmware.viot);
  if (viot) {
    const off = switchedOff(topology.machine, '', 'the virtio-iommu driver', []);
    return off === undefined ? viotCoverage(topology, viot) : noCoverage(off);
  }
  const tree = known(firmware.deviceTree);
  if (tree) {
    const off = switchedOff(topology.machine, '', 'the IOMMU driver', []);
    return off === undefined ? deviceTreeCoverage(topology, tree, aliases) : noCoverage(off);
  }
  const unread = [firmware.dmar, firmware.ivrs, firmware.iort, firmware.viot].find(isUnknown);
  if (unread !== undefined) return coverageByGroups(topology, kernel.groups, unread as Unknown);
  return noCoverage({
    kind: 'no-table',
    says: 'the firmware has no DMAR, IVRS, IORT or VIOT table and no device tree',
  });
}

type SwitchedOff = Parameters<typeof noCoverage>[0];

/** A kernel option says it, or the driver registered no unit although the table is there. */
function switchedOff(
  machine: Machine,
  prefix: string,
  driver: string,
  options: readonly (readonly [boolean, string])[],
): SwitchedOff | undefined {
  for (const [set, word] of options) {
    if (set) return { kind: 'switched-off', says: `the kernel was started with ${word}` };
  }
  const units = known(machine.kernel.iommuUnits);
  if (units === undefined || units.some((name) => name.startsWith(prefix))) return undefined;
  return {
    kind: 'not-registered',
    says: `${driver} registered no unit in /sys/class/iommu, although the firmware describes one`,
  };
}

/** Without firmware tables the kernel's own groups tell which functions are translated, not by what. */
function coverageByGroups(
  topology: Topology,
  groups: Fact<readonly { readonly members: readonly string[] }[]>,
  unread: Unknown,
): Coverage {
  const members = isUnknown(groups) ? undefined : new Set(groups.flatMap((g) => g.members));
  if (members !== undefined && members.size === 0) {
    return noCoverage({ kind: 'not-registered', says: 'the kernel made no groups: no IOMMU driver is at work' });
  }
  const covered = (i: number): boolean =>
    members === undefined || members.has(formatAddress(topology.machine.functions[i] as PciFunction));
  return {
    units: [{ kind: 'unknown', name: 'iommu0', kernelName: undefined, table: 'none', offset: 0 }],
    none: undefined,
    undecided:
      members === undefined
        ? unknown(`which functions an IOMMU covers is not known: ${unread.why}`, unread.decidedBy)
        : undefined,
    unitOf: (i) => (covered(i) ? 0 : -1),
    because: (i) =>
      members === undefined
        ? 'taken as translated: the source has no firmware tables'
        : covered(i)
          ? 'the kernel gave it a group'
          : 'the kernel gave it no group',
    probes: 'pass',
    grows: false,
    probe: () => true,
  };
}
