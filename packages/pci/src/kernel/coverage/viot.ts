/**
 * @module Coverage by virtio-iommu devices as the VIOT table tells.
 */
import type { ViotTable } from '../../acpi/viot.ts';
import { formatAddress, requesterId } from '../../facts/address.ts';
import { isUnknown, known } from '../../facts/fact.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import type { Topology } from '../../topology/topology.ts';
import { type Coverage, type IommuUnit, noCoverage } from './coverage.ts';

export function viotCoverage(topology: Topology, table: ViotTable): Coverage {
  const iommus = table.nodes.filter((n) => n.kind === 'pci-iommu' || n.kind === 'mmio-iommu');
  // The kernel keeps ranges newest first, so the last entry of the table wins.
  const ranges = table.nodes.filter((n) => n.kind === 'pci-range').reverse();
  if (iommus.length === 0) return noCoverage({ kind: 'no-table', says: 'the VIOT table describes no virtio-iommu' });
  const units = iommus.map((n, k): IommuUnit => {
    const address =
      n.kind === 'pci-iommu' ? formatAddress({ segment: n.segment, bus: n.bdf >> 8, devfn: n.bdf & 0xff }) : undefined;
    return { kind: 'virtio-iommu', name: `viommu${k}`, kernelName: address, table: 'VIOT', offset: n.offset };
  });
  const served = servedFunctions(topology);
  if (served?.size === 0) {
    return noCoverage({
      kind: 'not-registered',
      says: 'the virtio-iommu serves no device (no function has an `iommu` link): its driver gave up',
    });
  }
  const owner = (i: number): PciFunction => {
    const f = topology.machine.functions[i] as PciFunction;
    return f.dmaDevice >= 0 ? (topology.machine.functions[f.dmaDevice] as PciFunction) : f;
  };
  const rangeOf = (i: number) => {
    const f = owner(i);
    const id = requesterId(f);
    return ranges.find(
      (r) => f.segment >= r.segmentStart && f.segment <= r.segmentEnd && id >= r.bdfStart && id <= r.bdfEnd,
    );
  };
  const isIommu = (f: PciFunction): boolean =>
    iommus.some((n) => n.kind === 'pci-iommu' && n.segment === f.segment && n.bdf === requesterId(f));
  const unitOf = (i: number): number => {
    const range = rangeOf(i);
    return range === undefined || isIommu(owner(i)) ? -1 : iommus.findIndex((n) => n.offset === range.output);
  };
  return {
    units,
    none: undefined,
    undecided: undefined,
    unitOf,
    because(i) {
      const range = rangeOf(i);
      if (isIommu(owner(i))) return 'it is the virtio-iommu itself';
      if (range === undefined) return 'no range of the VIOT table has it';
      const u = unitOf(i);
      const at = `VIOT at 0x${range.offset.toString(16)}`;
      return u < 0 ? `its range (${at}) names no virtio-iommu` : `a range (${at}) gives it to ${units[u]?.name}`;
    },
    probes: 'driver',
    grows: false,
    probe: (i) => !wasRefused(topology, i, served),
  };
}

/**
 * The hypervisor may refuse an endpoint, which no table tells: the kernel then takes its group away again and goes on. So
 * a function that works with a driver and hangs on no IOMMU, while others do, was refused.
 */
function wasRefused(topology: Topology, i: number, served: ReadonlySet<number> | undefined): boolean {
  const driver = known((topology.machine.functions[i] as PciFunction).host.driver);
  return served !== undefined && !served.has(i) && typeof driver === 'string';
}

/** Functions that hang on an IOMMU by their `iommu` link; undefined where the source has no such links. */
function servedFunctions(topology: Topology): ReadonlySet<number> | undefined {
  const served = new Set<number>();
  for (const [i, f] of topology.machine.functions.entries()) {
    if (isUnknown(f.host.iommu)) return undefined;
    if (f.host.iommu !== null) served.add(i);
  }
  return served;
}
