/**
 * @module Coverage by AMD-Vi units: the table of requester ids that the IVHD blocks of the IVRS table fill.
 */
import type { Ivhd, IvrsTable } from '../../acpi/ivrs.ts';
import { formatRequesterId, requesterId } from '../../facts/address.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import type { Topology } from '../../topology/topology.ts';
import { type Aliases, requesterIds } from '../aliases.ts';
import { type Coverage, type IommuUnit, noCoverage } from './coverage.ts';

/** What the driver keeps for one PCI segment. */
interface SegmentTable {
  /** Highest id that the blocks mention: ids above it have no slot in the table. */
  readonly lastId: number;
  /** Unit of each requester id; -1 for none. */
  readonly unitOf: Int32Array;
  /** The id that the IOMMU sees. */
  readonly alias: Int32Array;
}

export function amdViCoverage(topology: Topology, ivrs: IvrsTable, aliases: Aliases): Coverage {
  if (!ivrs.usable) return noCoverage({ kind: 'unusable-table', says: 'the kernel refuses the IVRS table' });
  const blocks = ivrs.ivhds.filter((b) => b.type === ivrs.selectedType);
  if (blocks.length === 0) return noCoverage({ kind: 'no-table', says: 'the IVRS table describes no IOMMU' });
  const tables = segmentTables(blocks);
  const units = blocks.map(
    (b, n): IommuUnit => ({
      kind: 'amd-vi',
      name: `amdvi${n}`,
      kernelName: `ivhd${n}`,
      table: 'IVRS',
      offset: b.offset,
    }),
  );
  const { functions } = topology.machine;
  const owner = (i: number): PciFunction => {
    const f = functions[i] as PciFunction;
    return f.dmaDevice >= 0 ? (functions[f.dmaDevice] as PciFunction) : f;
  };
  const unitOf = (i: number): number => {
    const f = owner(i);
    const table = tables.get(f.segment);
    const id = requesterId(f);
    return table === undefined || id > table.lastId ? -1 : (table.unitOf[id] as number);
  };
  return {
    units,
    none: undefined,
    undecided: undefined,
    unitOf,
    because(i) {
      const u = unitOf(i);
      const f = owner(i);
      if (u >= 0) return `${(units[u] as IommuUnit).name} has an entry for ${formatRequesterId(requesterId(f))} (IVRS)`;
      if (blocks.some((b) => b.segment === f.segment && b.deviceId === requesterId(f))) {
        return 'it is the IOMMU itself';
      }
      return `no IVHD entry names ${formatRequesterId(requesterId(f))} (IVRS)`;
    },
    probes: 'pass',
    grows: true,
    seenAs(i) {
      const f = owner(i);
      const alias = unitOf(i) < 0 ? undefined : tables.get(f.segment)?.alias[requesterId(f)];
      // Children of VMD have a reason of their own; everybody else is seen as the alias that the table gives.
      return alias === undefined || f !== functions[i] ? undefined : `${f.segment}:${formatRequesterId(alias)}`;
    },
    /** setup_aliases: an alias on the same bus becomes a DMA alias; all ids of the device now belong to its unit. */
    probe(i) {
      const f = owner(i);
      const table = tables.get(f.segment);
      if (table === undefined) return false;
      const id = requesterId(f);
      const unit = table.unitOf[id] as number;
      const alias = table.alias[id] as number;
      if (alias !== id && alias >> 8 === f.bus) aliases.addAlias(i, alias & 0xff);
      for (const other of [alias, ...requesterIds(topology, aliases, i)]) {
        if (other <= table.lastId && table.unitOf[other] === -1) table.unitOf[other] = unit;
      }
      return true;
    },
  };
}

function segmentTables(blocks: readonly Ivhd[]): Map<number, SegmentTable> {
  const tables = new Map<number, SegmentTable>();
  for (const segment of new Set(blocks.map((b) => b.segment))) {
    const own = blocks.filter((b) => b.segment === segment);
    const table: SegmentTable = {
      lastId: Math.max(0, ...own.map(highestId)),
      unitOf: new Int32Array(0x10000).fill(-1),
      alias: Int32Array.from({ length: 0x10000 }, (_, id) => id),
    };
    for (const block of own) fillTable(table, block, blocks.indexOf(block));
    tables.set(segment, table);
  }
  return tables;
}

/** Starts of ranges, aliases and special entries do not raise the end of the table; ends and single devices do. */
function highestId(block: Ivhd): number {
  let highest = 0;
  for (const e of block.entries) {
    if (e.kind === 'all') highest = 0xffff;
    else if (e.kind === 'range') highest = Math.max(highest, e.last);
  }
  return highest;
}

function fillTable(table: SegmentTable, block: Ivhd, unit: number): void {
  const cover = (first: number, last: number, alias: number | undefined): void => {
    for (let id = first; id <= Math.min(last, 0xffff); id++) {
      table.unitOf[id] = unit;
      if (alias === undefined) continue;
      table.alias[id] = alias;
      table.unitOf[alias] = unit;
    }
  };
  for (const e of block.entries) {
    if (e.kind === 'all') cover(0, table.lastId, undefined);
    else if (e.kind === 'range') cover(e.first, e.last, e.alias);
    else cover(e.deviceId, e.deviceId, undefined);
  }
  // The IOMMU's own function is never translated.
  table.unitOf[block.deviceId] = -1;
}
