/**
 * @module Coverage by the IOMMUs that a device tree's `iommu-map` names.
 */
import type { DeviceTree, DtHostBridge } from '../../device-tree/device-tree.ts';
import { formatRequesterId } from '../../facts/address.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import type { Topology } from '../../topology/topology.ts';
import { type Aliases, requesterIds } from '../aliases.ts';
import { type Coverage, type IommuUnit, noCoverage } from './coverage.ts';
import type { StreamId } from './iort.ts';
import { createStreamOwners } from './stream-owners.ts';

export function deviceTreeCoverage(topology: Topology, tree: DeviceTree, aliases: Aliases): Coverage {
  const paths = [...new Set(tree.hostBridges.flatMap((b) => (b.iommuMap ?? []).map((m) => m.iommu)))];
  if (paths.length === 0) {
    return noCoverage({ kind: 'no-table', says: 'no PCI host bridge of the device tree has an iommu-map' });
  }
  const units = paths.map(
    (path, k): IommuUnit => ({
      kind: 'smmu',
      name: `smmu${k}`,
      kernelName: smmuName(path),
      table: `device tree ${path}`,
      offset: 0,
    }),
  );
  const owners = createStreamOwners();
  /** All requester ids must be mapped, or the device gets none of them (of_iommu_configure). */
  const streamsOf = (i: number): readonly StreamId[] => {
    const bridge = hostBridgeOf(topology, tree, i);
    if (bridge === undefined) return [];
    const streams: StreamId[] = [];
    for (const rid of requesterIds(topology, aliases, i)) {
      const stream = mapRid(bridge, rid, paths);
      if (stream === undefined) return [];
      streams.push(stream);
    }
    return streams;
  };
  const unitOf = (i: number): number => streamsOf(i)[0]?.smmu ?? -1;
  return {
    units,
    none: undefined,
    undecided: undefined,
    unitOf,
    because(i) {
      const f = topology.machine.functions[i] as PciFunction;
      const rid = formatRequesterId((f.bus << 8) | f.devfn);
      const u = unitOf(i);
      return u < 0
        ? `the iommu-map of its host bridge does not map requester id ${rid}`
        : `iommu-map gives requester id ${rid} to ${units[u]?.name} (${paths[u]})`;
    },
    probes: 'driver',
    grows: false,
    seenAs(i) {
      const [first] = streamsOf(i);
      return first === undefined ? undefined : `stream 0x${first.id.toString(16)} of ${units[unitOf(i)]?.name}`;
    },
    probe: (i) => owners.take(i, streamsOf(i)),
  };
}

/** The host bridge of a function: by segment where the nodes say it, else the only one there is. */
function hostBridgeOf(topology: Topology, tree: DeviceTree, i: number): DtHostBridge | undefined {
  const f = topology.machine.functions[i] as PciFunction;
  const bySegment = tree.hostBridges.filter((b) => b.segment === f.segment);
  const candidates = bySegment.length > 0 ? bySegment : tree.hostBridges.filter((b) => b.segment === undefined);
  if (candidates.length === 1) return candidates[0];
  return candidates.find((b) => f.bus >= b.busFirst && f.bus <= b.busLast);
}

function mapRid(bridge: DtHostBridge, rid: number, paths: readonly string[]): StreamId | undefined {
  const masked = rid & bridge.iommuMapMask;
  for (const m of bridge.iommuMap ?? []) {
    if (masked >= m.ridBase && masked < m.ridBase + m.length) {
      return { smmu: paths.indexOf(m.iommu), id: m.iommuBase + (masked - m.ridBase) };
    }
  }
  return undefined;
}

/** `/smmuv3@9050000` is `smmu3.0x0000000009050000` in /sys/class/iommu. */
function smmuName(path: string): string | undefined {
  const address = /smmuv?3?@([0-9a-f]+)$/.exec(path)?.[1];
  return address === undefined ? undefined : `smmu3.0x${address.padStart(16, '0')}`;
}
