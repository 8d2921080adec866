/** @module Flattened device trees. */
import { diagnosticLog } from '../../packages/pci/src/bytes/diagnostic-log.ts';
import { decodeFlattenedDeviceTree } from '../../packages/pci/src/device-tree/decode-flattened-device-tree.ts';
import { readFlattenedDeviceTree } from '../../packages/pci/src/device-tree/flattened-device-tree.ts';
import { ascii, be32 } from '../../packages/pci/src/encode/bytes.ts';
import { sampleDeviceTrees } from '../../packages/pci/src/testing/build-device-tree.ts';
import { assert, checkDiagnostics, checkFacts } from '../invariants.ts';
import type { FuzzTarget } from '../target.ts';

const file = 'sys/firmware/fdt';

export const fdt: FuzzTarget = {
  name: 'fdt',
  seeds: sampleDeviceTrees,
  dictionary: [
    be32(1),
    be32(1, 0),
    be32(2),
    be32(3),
    be32(4),
    be32(9),
    ascii('pci\0'),
    ascii('disabled\0'),
    be32(0, 4),
  ],
  run(bytes) {
    const { table, diagnostics } = decodeFlattenedDeviceTree(bytes, file);
    checkDiagnostics(diagnostics, file, bytes.length);
    checkFacts(table, bytes.length);
    checkNodes(bytes);
    for (const b of table?.hostBridges ?? []) {
      assert(b.path.startsWith('/'), () => `path ${b.path}`);
      assert(b.busFirst <= b.busLast && b.busLast <= 255, () => `busses ${b.busFirst}..${b.busLast}`);
      assert((b.iommuMap?.length ?? 0) * 16 <= bytes.length, () => `map of ${b.iommuMap?.length} entries`);
      for (const m of b.iommuMap ?? []) assert(m.iommu.startsWith('/'), () => `IOMMU ${m.iommu}`);
    }
  },
};

/** Nodes and values lie inside the structure, one after the other; parents come before children. */
function checkNodes(bytes: Uint8Array): void {
  const nodes = readFlattenedDeviceTree(bytes, diagnosticLog(file));
  if (nodes === undefined) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(8);
  const size = view.getUint32(20) < 17 ? bytes.length : view.getUint32(36);
  const end = Math.min(start + size, view.getUint32(4), bytes.length);
  const before = new Set<unknown>([undefined]);
  let at = start;
  for (const node of nodes) {
    assert(node.offset >= at && node.offset < end, () => `node at ${node.offset}, after ${at}`);
    assert(before.has(node.parent), () => `${node.path} comes before its parent`);
    before.add(node);
    at = node.offset;
    for (const { offset, bytes: value } of node.properties.values()) {
      assert(
        offset >= at && offset + value.length <= end,
        () => `value at ${offset} of ${value.length} bytes, after ${at}`,
      );
      at = offset + value.length;
    }
  }
}
