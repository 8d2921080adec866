/** @module DMAR tables. */
import { decodeDmar } from '../../packages/pci/src/acpi/decode-dmar.ts';
import { sampleDmars } from '../../packages/pci/src/testing/sample-dmar.ts';
import { assert, checkDiagnostics, checkFacts } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';
import { repairTable } from './repair-table.ts';

const file = 'sys/firmware/acpi/tables/DMAR';

export const dmar: FuzzTarget = {
  name: 'dmar',
  seeds: sampleDmars,
  repair: repairTable,
  run(bytes) {
    const { table, diagnostics } = decodeDmar(bytes, file);
    checkDiagnostics(diagnostics, file, bytes.length);
    checkFacts(table, bytes.length);
    if (table === undefined || !table.usable) {
      return assert(
        diagnostics.some((d) => d.severity === 'error'),
        () => 'refused without a reason',
      );
    }
    assert(table.drhds.length > 0, () => 'usable without a unit');
    assert(
      table.drhds.every((d) => d.registerBase !== 0n),
      () => 'usable with a unit at address 0',
    );
    const units = table.drhds.map((d) => `${d.segment} ${d.registerBase}`);
    assert(new Set(units).size === units.length, () => 'one unit twice');
    for (const { path } of [...table.drhds, ...table.rmrrs, ...table.atsrs, ...table.satcs].flatMap((s) => s.scopes)) {
      assert(path.length <= 124, () => `path of ${path.length} hops`);
    }
  },
};
