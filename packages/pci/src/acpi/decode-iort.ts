/**
 * @module Bytes of an IORT table (Arm DEN 0049, E.e) to facts.
 */
import { type DiagnosticLog, diagnosticLog } from '../bytes/diagnostic-log.ts';
import { hex, textAt } from '../bytes/text.ts';
import type { DecodedTable } from './decoded-table.ts';
import type { IortMapping, IortNode, IortTable } from './iort.ts';
import { type Structure, type StructureFormat, walkStructures } from './structure-walk.ts';
import { openTable } from './table-header.ts';

const FIXED_SIZE = 48;
const NODE_COUNT = 36;
const NODE_OFFSET = 40;

const FORMAT: StructureFormat = {
  smallest: 16,
  type: (view, at) => view.getUint8(at),
  length: (view, at) => view.getUint16(at + 1, true),
};

const MAPPING_SIZE = 20;
const RMR_DESCRIPTOR_SIZE = 20;

/** Never throws. Nodes whose own data cannot be read are there as `other`, for the mappings that lead to or from them. */
export function decodeIort(bytes: Uint8Array, file: string): DecodedTable<IortTable> {
  const log = diagnosticLog(file);
  return { table: decode(bytes, log), diagnostics: log.list() };
}

function decode(bytes: Uint8Array, log: DiagnosticLog): IortTable | undefined {
  const table = openTable(bytes, 'IORT', FIXED_SIZE, log);
  if (table === undefined) return undefined;
  const count = table.view.getUint32(NODE_COUNT, true);
  const start = table.view.getUint32(NODE_OFFSET, true);
  if (count > 0 && (start < FIXED_SIZE || start >= table.bytes.length)) {
    log.error(`nodes at ${hex(start)} lie outside the table`, NODE_OFFSET);
    return Object.freeze({ kind: 'iort', nodes: Object.freeze([]) });
  }
  const walk = walkStructures(table.bytes, { start, end: table.bytes.length, most: count }, FORMAT);
  if (walk.ended !== 'end') {
    const fault = walk.ended === 'short' ? 'is shorter than its header' : 'passes the end of the table';
    log.error(`node ${fault}; it and those after it are not used`, walk.offset);
  } else if (walk.structures.length < count) {
    log.error(`the table ends after ${walk.structures.length} of ${count} nodes`, walk.offset);
  }
  return Object.freeze({
    kind: 'iort',
    nodes: Object.freeze(walk.structures.map((s) => Object.freeze(decodeNode(s, log)))),
  });
}

/** Fixed part by type: ITS group, named component, root complex, SMMU, SMMUv3, PMCG, RMR. */
const LEAST_SIZES: readonly number[] = [20, 30, 32, 36, 60, 16, 28];

function decodeNode(node: Structure, log: DiagnosticLog): IortNode {
  const { view, type } = node;
  const revision = view.getUint8(3);
  const mappings = decodeMappings(node, log);
  const common = { offset: node.offset, revision, mappings };
  const u32 = (at: number): number => view.getUint32(at, true);
  const least = LEAST_SIZES[type] ?? 0;
  if (node.length < least) {
    log.error(`node of type ${type} and ${node.length} bytes is shorter than ${least}`, node.offset);
    return { kind: 'other', type, ...common };
  }
  switch (type) {
    case 0:
      return { kind: 'its-group', itsIds: decodeItsIds(node, log), ...common };
    case 1:
      return { kind: 'named-component', objectPath: textAt(node.bytes, 29, node.length), ...common };
    case 2:
      return { kind: 'root-complex', segment: u32(28), ats: (u32(24) & 1) !== 0, ...common };
    case 3:
      return { kind: 'smmu', base: view.getBigUint64(16, true), model: u32(32), ...common };
    case 4:
      return {
        kind: 'smmu-v3',
        base: view.getBigUint64(16, true),
        flags: u32(24),
        model: u32(40),
        ownMapping: ownMappingOf(node, revision, mappings.length, log),
        ...common,
      };
    case 5:
      return { kind: 'pmcg', ...common };
    case 6:
      return { kind: 'rmr', flags: u32(16), regions: decodeRegions(node, log), ...common };
    default:
      return { kind: 'other', type, ...common };
  }
}

/** Flags and fields of an SMMUv3 that bear on its own interrupts. */
const DEVICE_ID_VALID = 0x10;
const GSIVS: readonly number[] = [44, 48, 52, 56];
const OWN_MAPPING_INDEX = 64;

/**
 * The mapping for the interrupts of the SMMU itself, -1 for none. It came with revision 1; up to revision 4 it counts
 * unless all four interrupts are wired, from revision 5 on a flag says so. An index beyond the mappings is void.
 */
function ownMappingOf(node: Structure, revision: number, count: number, log: DiagnosticLog): number {
  if (revision < 1 || node.length < OWN_MAPPING_INDEX + 4) return -1;
  const { view } = node;
  const declared =
    revision < 5
      ? !GSIVS.every((at) => view.getUint32(at, true) !== 0)
      : (view.getUint32(24, true) & DEVICE_ID_VALID) !== 0;
  if (!declared) return -1;
  const index = view.getUint32(OWN_MAPPING_INDEX, true);
  if (index < count) return index;
  // Firmware leaves the field at 0 where there is no mapping at all.
  if (count > 0) log.warning(`own mapping ${index} of ${count} mappings is ignored`, node.offset + OWN_MAPPING_INDEX);
  return -1;
}

/**
 * The entries of an array inside a node. One that reaches out of its node is a defect of the firmware; Linux would read
 * whatever stands there, here what is inside is used.
 */
function arrayIn(
  node: Structure,
  start: number,
  count: number,
  size: number,
  what: string,
  log: DiagnosticLog,
): number[] {
  const room = Math.max(0, Math.floor((node.length - start) / size));
  if (count > room) log.error(`${count} ${what} at ${hex(start)} reach beyond the node; ${room} are used`, node.offset);
  return Array.from({ length: Math.min(count, room) }, (_, i) => start + i * size);
}

function decodeMappings(node: Structure, log: DiagnosticLog): readonly IortMapping[] {
  const u32 = (at: number): number => node.view.getUint32(at, true);
  const count = u32(8);
  const start = u32(12);
  // Offset 0 means none, whatever the count.
  if (start === 0) return Object.freeze([]);
  return Object.freeze(
    arrayIn(node, start, count, MAPPING_SIZE, 'mappings', log).map((at): IortMapping => {
      const outputReference = u32(at + 12);
      if (outputReference === 0) log.warning('mapping that leads to no node', node.offset + at);
      return Object.freeze({
        offset: node.offset + at,
        inputBase: u32(at),
        // Stored as number of ids minus one. Linux adds in 32 bits: a sum that wraps matches nothing.
        inputLast: (u32(at) + u32(at + 4)) >>> 0,
        outputBase: u32(at + 8),
        outputReference,
        single: (u32(at + 16) & 1) !== 0,
      });
    }),
  );
}

function decodeItsIds(node: Structure, log: DiagnosticLog): readonly number[] {
  const count = node.view.getUint32(16, true);
  return Object.freeze(arrayIn(node, 20, count, 4, 'ITS ids', log).map((at) => node.view.getUint32(at, true)));
}

function decodeRegions(node: Structure, log: DiagnosticLog): readonly { base: bigint; length: bigint }[] {
  const count = node.view.getUint32(20, true);
  const start = node.view.getUint32(24, true);
  return Object.freeze(
    arrayIn(node, start, count, RMR_DESCRIPTOR_SIZE, 'memory ranges', log).map((at) =>
      Object.freeze({ base: node.view.getBigUint64(at, true), length: node.view.getBigUint64(at + 8, true) }),
    ),
  );
}
