/**
 * @module Bytes of a VIOT table (ACPI 6.5, 5.2.29) to facts, by the rules by which Linux walks it.
 */
import { type DiagnosticLog, diagnosticLog } from '../bytes/diagnostic-log.ts';
import { hex } from '../bytes/text.ts';
import type { DecodedTable } from './decoded-table.ts';
import { type Structure, type StructureFormat, walkStructures } from './structure-walk.ts';
import { openTable } from './table-header.ts';
import type { ViotNode, ViotTable } from './viot.ts';

const FIXED_SIZE = 48;

const FORMAT: StructureFormat = {
  smallest: 4,
  type: (view, at) => view.getUint8(at),
  length: (view, at) => view.getUint16(at + 2, true),
};

const PCI_RANGE = 1;
const MMIO_ENDPOINT = 2;
const PCI_IOMMU = 3;
const MMIO_IOMMU = 4;
/** Sizes by type; there is no type 0. */
const SIZES: readonly (number | undefined)[] = [undefined, 24, 24, 16, 16];

/**
 * Never throws. Nodes of endpoints whose IOMMU is not in the table are left out, as Linux leaves them out: a node
 * before them that covers the same id holds then.
 */
export function decodeViot(bytes: Uint8Array, file: string): DecodedTable<ViotTable> {
  const log = diagnosticLog(file);
  return { table: decode(bytes, log), diagnostics: log.list() };
}

function decode(bytes: Uint8Array, log: DiagnosticLog): ViotTable | undefined {
  const table = openTable(bytes, 'VIOT', FIXED_SIZE, log);
  if (table === undefined) return undefined;
  const count = table.view.getUint16(36, true);
  const start = table.view.getUint16(38, true);
  if (count > 0 && (start < FIXED_SIZE || start >= table.bytes.length)) {
    log.error(`nodes at ${hex(start)} lie outside the table`, 38);
    return Object.freeze({ kind: 'viot', nodes: Object.freeze([]) });
  }
  const walk = walkStructures(table.bytes, { start, end: table.bytes.length, most: count }, FORMAT);
  const nodes = decodeNodes(walk.structures, log);
  if (walk.ended !== 'end') {
    const fault = walk.ended === 'short' ? 'is shorter than its header' : 'passes the end of the table';
    log.error(`node ${fault}; it and those after it are not used`, walk.offset);
  } else if (walk.structures.length < count) {
    log.error(`the table ends after ${walk.structures.length} of ${count} nodes`, walk.offset);
  }

  const iommus = new Set(nodes.filter((n) => n.kind === 'pci-iommu' || n.kind === 'mmio-iommu').map((n) => n.offset));
  const reachable = nodes.filter((n) => {
    if (n.kind === 'pci-iommu' || n.kind === 'mmio-iommu' || iommus.has(n.output)) return true;
    log.warning(`node whose IOMMU, at ${hex(n.output)}, is not in the table; it is ignored, as Linux does`, n.offset);
    return false;
  });
  return Object.freeze({ kind: 'viot', nodes: Object.freeze(reachable) });
}

function decodeNodes(structures: readonly Structure[], log: DiagnosticLog): ViotNode[] {
  const nodes: ViotNode[] = [];
  // A short endpoint node ends the kernel's walk, but endpoints before it may name an IOMMU behind it.
  let endpointsEnded = false;
  for (const s of structures) {
    const size = SIZES[s.type];
    const isIommu = s.type === PCI_IOMMU || s.type === MMIO_IOMMU;
    if (endpointsEnded && !isIommu) continue;
    if (size === undefined) {
      log.warning(`node of unknown type ${s.type} is skipped`, s.offset);
    } else if (s.length >= size) {
      nodes.push(Object.freeze(decodeNode(s)));
    } else if (isIommu) {
      log.error(`IOMMU node of ${s.length} bytes is shorter than ${size}; it is skipped`, s.offset);
    } else {
      log.error(`endpoint node of ${s.length} bytes is shorter than ${size}; those after it are not used`, s.offset);
      endpointsEnded = true;
    }
  }
  return nodes;
}

function decodeNode({ type, offset, view }: Structure): ViotNode {
  const u16 = (at: number): number => view.getUint16(at, true);
  switch (type) {
    case PCI_RANGE:
      return {
        kind: 'pci-range',
        offset,
        endpointStart: view.getUint32(4, true),
        segmentStart: u16(8),
        segmentEnd: u16(10),
        bdfStart: u16(12),
        bdfEnd: u16(14),
        output: u16(16),
      };
    case MMIO_ENDPOINT:
      return {
        kind: 'mmio-endpoint',
        offset,
        endpoint: view.getUint32(4, true),
        base: view.getBigUint64(8, true),
        output: u16(16),
      };
    case PCI_IOMMU:
      return { kind: 'pci-iommu', offset, segment: u16(4), bdf: u16(6) };
    default:
      return { kind: 'mmio-iommu', offset, base: view.getBigUint64(8, true) };
  }
}
