/** @module VIOT tables. */
import { decodeViot } from '../../packages/pci/src/acpi/decode-viot.ts';
import { sampleViots } from '../../packages/pci/src/testing/build-viot.ts';
import { assert, checkDiagnostics, checkFacts } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';
import { repairTable } from './repair-table.ts';

const file = 'sys/firmware/acpi/tables/VIOT';

export const viot: FuzzTarget = {
  name: 'viot',
  seeds: sampleViots,
  repair: repairTable,
  run(bytes) {
    const { table, diagnostics } = decodeViot(bytes, file);
    checkDiagnostics(diagnostics, file, bytes.length);
    checkFacts(table, bytes.length);
    const nodes = table?.nodes ?? [];
    for (const node of nodes) {
      if (!('output' in node)) continue;
      const iommu = nodes.find((n) => n.offset === node.output);
      assert(iommu !== undefined && !('output' in iommu), () => `endpoint at ${node.offset} without an IOMMU`);
    }
  },
};
