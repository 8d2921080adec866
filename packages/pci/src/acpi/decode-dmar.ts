/**
 * @module Bytes of a DMAR table (VT-d 4.1, chapter 8) to facts, by the rules by which Linux walks it.
 */
import { type DiagnosticLog, diagnosticLog } from '../bytes/diagnostic-log.ts';
import { hex, nulAt, textAt } from '../bytes/text.ts';
import type { DecodedTable } from './decoded-table.ts';
import { decodeDeviceScopes } from './device-scope.ts';
import type { Andd, Atsr, DmarTable, Drhd, Rhsa, Rmrr, Satc } from './dmar.ts';
import { type Structure, type StructureFormat, walkStructures } from './structure-walk.ts';
import { openTable } from './table-header.ts';

const FIXED_SIZE = 48;
const WIDTH = 36;
const FLAGS = 37;
const FLAG_INTERRUPT_REMAPPING = 0x01;
const FLAG_X2APIC_OPT_OUT = 0x02;
const FLAG_PLATFORM_OPT_IN = 0x04;

/** Linux refuses a table whose addresses would not cover one page (the field holds the width minus one). */
const LEAST_WIDTH_FIELD = 11;

const FORMAT: StructureFormat = {
  smallest: 4,
  type: (view, at) => view.getUint16(at, true),
  length: (view, at) => view.getUint16(at + 2, true),
};

/** Where the device scopes (or the text of an ANDD) of each type start: the length of its fixed part. */
const FIXED_PART: readonly number[] = [16, 24, 8, 20, 8, 8, 8];
const TYPE_NAMES: readonly string[] = ['DRHD', 'RMRR', 'ATSR', 'RHSA', 'ANDD', 'SATC', 'SIDP'];

/**
 * Never throws. `usable` is false where Linux would use no VT-d: address width below 12, no DRHD, a DRHD at address 0,
 * a structure beyond the table's end, an ANDD whose name does not end. All that could be read is there nevertheless.
 */
export function decodeDmar(bytes: Uint8Array, file: string): DecodedTable<DmarTable> {
  const log = diagnosticLog(file);
  return { table: decode(bytes, log), diagnostics: log.list() };
}

function decode(bytes: Uint8Array, log: DiagnosticLog): DmarTable | undefined {
  const table = openTable(bytes, 'DMAR', FIXED_SIZE, log);
  if (table === undefined) return undefined;
  let usable = true;
  const refused = (message: string, offset: number): void => {
    usable = false;
    log.error(`${message}; Linux uses no VT-d then`, offset);
  };

  const width = table.view.getUint8(WIDTH);
  if (width < LEAST_WIDTH_FIELD) refused(`host addresses of ${width + 1} bits`, WIDTH);

  const drhds: Drhd[] = [];
  const units = new Set<string>();
  const rmrrs: Rmrr[] = [];
  const atsrs: Atsr[] = [];
  const satcs: Satc[] = [];
  const rhsas: Rhsa[] = [];
  const andds: Andd[] = [];

  const walk = walkStructures(table.bytes, { start: FIXED_SIZE, end: table.bytes.length }, FORMAT);
  for (const s of walk.structures) {
    const fixed = FIXED_PART[s.type];
    if (fixed === undefined) {
      log.warning(`structure of unknown type ${s.type} is skipped`, s.offset);
      continue;
    }
    // The name of an ANDD takes care of itself.
    if (s.length < fixed && s.type !== 4) {
      log.error(`${TYPE_NAMES[s.type]} of ${s.length} bytes is shorter than ${fixed}; it is skipped`, s.offset);
      continue;
    }
    const scopes = () => decodeDeviceScopes(s, fixed, log);
    const { offset } = s;
    switch (s.type) {
      case 0: {
        const drhd = decodeDrhd(s, log);
        if (drhd.registerBase === 0n) refused('DRHD with register base address 0', offset);
        const unit = `${drhd.segment} ${drhd.registerBase}`;
        if (units.has(unit)) log.warning(`second DRHD at ${hex(drhd.registerBase)} is ignored, as Linux does`, offset);
        else drhds.push(drhd);
        units.add(unit);
        break;
      }
      case 1:
        rmrrs.push(decodeRmrr(s, log));
        break;
      case 2: {
        const allPorts = (s.view.getUint8(4) & 1) !== 0;
        atsrs.push(Object.freeze({ kind: 'atsr', offset, allPorts, segment: segmentOf(s), scopes: scopes() }));
        break;
      }
      case 3:
        rhsas.push(
          Object.freeze({
            kind: 'rhsa',
            offset,
            registerBase: s.view.getBigUint64(8, true),
            proximityDomain: s.view.getUint32(16, true),
          }),
        );
        break;
      case 4: {
        const andd = decodeAndd(s);
        if (andd === undefined) refused('ANDD whose object name does not end within it', offset);
        else andds.push(andd);
        break;
      }
      case 5: {
        const atcRequired = (s.view.getUint8(4) & 1) !== 0;
        satcs.push(Object.freeze({ kind: 'satc', offset, atcRequired, segment: segmentOf(s), scopes: scopes() }));
        break;
      }
    }
  }
  if (walk.ended === 'short') {
    // At length 0 Linux stops as well; at 1 to 3 it would go on inside the structure's own header.
    log.error('structure shorter than its header; it and what follows are not used', walk.offset);
  } else if (walk.ended === 'cut') {
    if (table.complete) refused('structure passes the end of the table', walk.offset);
    else log.error('structure passes the end of the file; it is not used', walk.offset);
  }
  if (drhds.length === 0) refused('no DRHD in the table', FIXED_SIZE);

  const flags = table.view.getUint8(FLAGS);
  return Object.freeze({
    kind: 'dmar',
    addressWidth: width + 1,
    interruptRemapping: (flags & FLAG_INTERRUPT_REMAPPING) !== 0,
    x2apicOptOut: (flags & FLAG_X2APIC_OPT_OUT) !== 0,
    platformOptIn: (flags & FLAG_PLATFORM_OPT_IN) !== 0,
    drhds: Object.freeze(drhds),
    rmrrs: Object.freeze(rmrrs),
    atsrs: Object.freeze(atsrs),
    satcs: Object.freeze(satcs),
    rhsas: Object.freeze(rhsas),
    andds: Object.freeze(andds),
    usable,
  });
}

const segmentOf = (s: Structure): number => s.view.getUint16(6, true);

function decodeDrhd(s: Structure, log: DiagnosticLog): Drhd {
  return Object.freeze({
    kind: 'drhd',
    offset: s.offset,
    includeAll: (s.view.getUint8(4) & 1) !== 0,
    segment: segmentOf(s),
    registerBase: s.view.getBigUint64(8, true),
    scopes: decodeDeviceScopes(s, 16, log),
  });
}

function decodeRmrr(s: Structure, log: DiagnosticLog): Rmrr {
  const base = s.view.getBigUint64(8, true);
  const limit = s.view.getBigUint64(16, true);
  if (limit <= base || (base & 0xfffn) !== 0n || ((limit + 1n) & 0xfffn) !== 0n) {
    log.warning(`RMRR ${hex(base)}..${hex(limit)} is not a range of whole pages; it is used, as Linux does`, s.offset);
  }
  return Object.freeze({
    kind: 'rmrr',
    offset: s.offset,
    segment: segmentOf(s),
    base,
    limit,
    scopes: decodeDeviceScopes(s, 24, log),
  });
}

function decodeAndd(s: Structure): Andd | undefined {
  if (nulAt(s.bytes, 8, s.length) >= s.length) return undefined;
  return Object.freeze({
    kind: 'andd',
    offset: s.offset,
    deviceNumber: s.view.getUint8(7),
    objectPath: textAt(s.bytes, 8, s.length),
  });
}
