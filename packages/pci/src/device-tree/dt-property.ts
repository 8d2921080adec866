/**
 * @module Values of device tree properties (Devicetree Specification 0.4, 2.2.4).
 */
import { viewOf } from '../bytes/data-view.ts';
import { textAt } from '../bytes/text.ts';
import type { DtNode } from './flattened-device-tree.ts';

/** The 32-bit cells of a property; undefined where the node has no such property. Bytes after the last cell are ignored. */
export function cellsOf(node: DtNode, name: string): readonly number[] | undefined {
  const property = node.properties.get(name);
  if (property === undefined) return undefined;
  const view = viewOf(property.bytes);
  return Array.from({ length: view.byteLength >> 2 }, (_, i) => view.getUint32(4 * i));
}

/** The first cell. */
export function cellOf(node: DtNode, name: string): number | undefined {
  return cellsOf(node, name)?.[0];
}

/** The texts of a property, which stand one after the other, each with its NUL; empty without it. */
export function textsOf(node: DtNode, name: string): readonly string[] {
  const bytes = node.properties.get(name)?.bytes ?? new Uint8Array(0);
  const texts: string[] = [];
  let start = 0;
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && bytes[i] !== 0) continue;
    if (i > start) texts.push(textAt(bytes, start, i));
    start = i + 1;
  }
  return texts;
}
