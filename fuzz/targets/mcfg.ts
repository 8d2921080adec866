/** @module MCFG tables. */
import { decodeMcfg } from '../../packages/pci/src/acpi/decode-mcfg.ts';
import { sampleMcfgs } from '../../packages/pci/src/testing/sample-mcfg.ts';
import { assert, checkDiagnostics, checkFacts } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';
import { repairTable } from './repair-table.ts';

const file = 'sys/firmware/acpi/tables/MCFG';

export const mcfg: FuzzTarget = {
  name: 'mcfg',
  seeds: sampleMcfgs,
  repair: repairTable,
  run(bytes) {
    const { table, diagnostics } = decodeMcfg(bytes, file);
    checkDiagnostics(diagnostics, file, bytes.length);
    checkFacts(table, bytes.length);
    for (const w of table?.windows ?? []) {
      assert(w.firstBus <= w.lastBus && w.lastBus <= 255, () => `window from bus ${w.firstBus} to ${w.lastBus}`);
    }
  },
};
