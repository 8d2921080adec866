/**
 * @module Bytes of an IVRS table (AMD I/O Virtualization 3.10, 5.2) to facts, by the rules by which Linux walks it.
 */
import { type DiagnosticLog, diagnosticLog } from '../bytes/diagnostic-log.ts';
import { hex } from '../bytes/text.ts';
import type { DecodedTable } from './decoded-table.ts';
import { decodeIvhdEntries } from './ivhd-entries.ts';
import type { Ivhd, Ivmd, IvrsTable } from './ivrs.ts';
import { type Structure, type StructureFormat, walkStructures } from './structure-walk.ts';
import { openTable } from './table-header.ts';

const FIXED_SIZE = 48;
const INFO = 36;

const FORMAT: StructureFormat = {
  smallest: 4,
  type: (view, at) => view.getUint8(at),
  length: (view, at) => view.getUint16(at + 2, true),
};

const DEVICE_ID = 4;
/** Where the device entries start, by type of IVHD. */
const IVHD_SIZES: ReadonlyMap<number, number> = new Map([
  [0x10, 24],
  [0x11, 40],
  [0x40, 40],
]);
const IVMD_ALL = 0x20;
const IVMD_ONE = 0x21;
const IVMD_RANGE = 0x22;
const IVMD_SIZE = 32;
const IVMD_UNITY_MAP = 0x01;
const IVMD_EXCLUSION_RANGE = 0x08;

/** Never throws. `usable` is false with a wrong checksum, which Linux minds in this table only. */
export function decodeIvrs(bytes: Uint8Array, file: string): DecodedTable<IvrsTable> {
  const log = diagnosticLog(file);
  return { table: decode(bytes, log), diagnostics: log.list() };
}

function decode(bytes: Uint8Array, log: DiagnosticLog): IvrsTable | undefined {
  const table = openTable(bytes, 'IVRS', FIXED_SIZE, log);
  if (table === undefined) return undefined;
  if (!table.checksumGood) log.error('Linux refuses an IVRS table with a wrong checksum and uses no AMD-Vi');

  const walk = walkStructures(table.bytes, { start: FIXED_SIZE, end: table.bytes.length }, FORMAT);
  if (walk.ended !== 'end') {
    const fault = walk.ended === 'short' ? 'is shorter than its header' : 'passes the end of the table';
    log.error(`block ${fault}; it and what follows are not used`, walk.offset);
  }
  const ivhds: Ivhd[] = [];
  const ivmds: Ivmd[] = [];
  for (const block of walk.structures) {
    const fixed = IVHD_SIZES.get(block.type);
    const isIvmd = block.type >= IVMD_ALL && block.type <= IVMD_RANGE;
    const least = fixed ?? IVMD_SIZE;
    if (fixed === undefined && !isIvmd) {
      log.warning(`block of unknown type ${hex(block.type)} is skipped`, block.offset);
    } else if (block.length < least) {
      log.error(`block of ${block.length} bytes is shorter than ${least}; it is skipped`, block.offset);
    } else if (fixed === undefined) ivmds.push(decodeIvmd(block));
    else ivhds.push(decodeIvhd(block, fixed, log));
  }
  return Object.freeze({
    kind: 'ivrs',
    info: table.view.getUint32(INFO, true),
    ivhds: Object.freeze(ivhds),
    ivmds: Object.freeze(ivmds),
    selectedType: selectType(walk.structures),
    usable: table.checksumGood,
  });
}

/**
 * Newer tables describe each IOMMU several times, in blocks of rising type, for old and new systems. Linux takes the
 * first block's IOMMU, looks for the last block about it, and then uses blocks of that type only. The search ends at a
 * type above 0x40, and memory blocks that name the same id are mistaken for the IOMMU's.
 */
function selectType(blocks: readonly Structure[]): number {
  const deviceId = (block: Structure): number | undefined =>
    block.length < DEVICE_ID + 2 ? undefined : block.view.getUint16(DEVICE_ID, true);
  const [first] = blocks;
  if (first === undefined) return 0;
  let selected = first.type;
  for (const block of blocks) {
    if (block.type > 0x40) break;
    if (deviceId(block) === deviceId(first)) selected = block.type;
  }
  return selected;
}

function decodeIvhd(block: Structure, fixed: number, log: DiagnosticLog): Ivhd {
  const { view } = block;
  return Object.freeze({
    kind: 'ivhd',
    offset: block.offset,
    type: block.type,
    flags: view.getUint8(1),
    deviceId: view.getUint16(DEVICE_ID, true),
    mmioBase: view.getBigUint64(8, true),
    segment: view.getUint16(16, true),
    entries: decodeIvhdEntries(block, fixed, log),
  });
}

function decodeIvmd({ type, offset, view }: Structure): Ivmd {
  const flags = view.getUint8(1);
  const deviceId = view.getUint16(DEVICE_ID, true);
  return Object.freeze({
    kind: 'ivmd',
    offset,
    first: type === IVMD_ALL ? 0 : deviceId,
    last: type === IVMD_ALL ? 0xffff : type === IVMD_ONE ? deviceId : view.getUint16(6, true),
    // Reserved, hence 0, in older tables.
    segment: view.getUint16(8, true),
    unityMap: (flags & IVMD_UNITY_MAP) !== 0,
    exclusionRange: (flags & IVMD_EXCLUSION_RANGE) !== 0,
    start: view.getBigUint64(16, true),
    length: view.getBigUint64(24, true),
  });
}
