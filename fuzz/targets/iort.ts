/** @module IORT tables. */
import { decodeIort } from '../../packages/pci/src/acpi/decode-iort.ts';
import { sampleIorts } from '../../packages/pci/src/testing/build-iort.ts';
import { assert, checkDiagnostics, checkFacts } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';
import { repairTable } from './repair-table.ts';

const file = 'sys/firmware/acpi/tables/IORT';

export const iort: FuzzTarget = {
  name: 'iort',
  seeds: sampleIorts,
  repair: repairTable,
  run(bytes) {
    const { table, diagnostics } = decodeIort(bytes, file);
    checkDiagnostics(diagnostics, file, bytes.length);
    checkFacts(table, bytes.length);
    const nodes = table?.nodes ?? [];
    nodes.forEach((node, i) => {
      const end = nodes[i + 1]?.offset ?? bytes.length;
      assert(node.offset + 16 <= end, () => `node at ${node.offset} overlaps the next`);
      for (const m of node.mappings) {
        assert(m.offset >= node.offset && m.offset + 20 <= end, () => `mapping at ${m.offset} outside of its node`);
        assert(m.inputLast <= 0xffff_ffff, () => `mapping up to ${m.inputLast}`);
      }
      if (node.kind === 'smmu-v3') {
        assert(node.ownMapping < node.mappings.length, () => `own mapping ${node.ownMapping}`);
      }
    });
  },
};
