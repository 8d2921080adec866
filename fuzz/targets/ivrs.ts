/** @module IVRS tables. */
import { decodeIvrs } from '../../packages/pci/src/acpi/decode-ivrs.ts';
import { sampleIvrs } from '../../packages/pci/src/testing/sample-ivrs.ts';
import { assert, checkDiagnostics, checkFacts } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';
import { addsUp, repairTable, statedLength } from './repair-table.ts';

const file = 'sys/firmware/acpi/tables/IVRS';

export const ivrs: FuzzTarget = {
  name: 'ivrs',
  seeds: sampleIvrs,
  repair: repairTable,
  run(bytes) {
    const { table, diagnostics } = decodeIvrs(bytes, file);
    checkDiagnostics(diagnostics, file, bytes.length);
    checkFacts(table, bytes.length);
    if (table === undefined) return;
    const length = statedLength(bytes);
    if (length <= bytes.length) {
      assert(table.usable === addsUp(bytes.subarray(0, length)), () => `usable ${table.usable}, against the checksum`);
    }
    for (const block of table.ivhds) {
      assert([0x10, 0x11, 0x40].includes(block.type), () => `IVHD of type ${block.type}`);
      for (const e of block.entries) {
        assert(e.offset >= block.offset + (block.type === 0x10 ? 24 : 40), () => `entry at ${e.offset} in the header`);
        assert(e.kind !== 'acpi' || block.type === 0x40, () => 'ACPI device in an old block');
        if (e.kind === 'range') assert(e.first <= 0xffff && e.last <= 0xffff, () => `range ${e.first}..${e.last}`);
      }
    }
    for (const block of table.ivmds) assert(block.first <= 0xffff && block.last <= 0xffff, () => 'memory for no id');
  },
};
