/** @module Tar archives by hand: the seeds must be there at once, and small. */
import { type FileRecipes, treeEntries } from '../../packages/inventory/src/testing/tree-entries.ts';

const BLOCK = 512;

export function tarBytes(files: FileRecipes): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const entry of treeEntries(files)) {
    const content = entry.kind === 'file' ? entry.bytes : new Uint8Array(0);
    const type = entry.kind === 'link' ? '2' : entry.kind === 'directory' ? '5' : '0';
    blocks.push(header(entry.path, content.length, type, entry.kind === 'link' ? entry.target : ''), content);
    blocks.push(new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  blocks.push(new Uint8Array(2 * BLOCK));
  return Uint8Array.from(blocks.flatMap((b) => [...b]));
}

function header(name: string, size: number, type: string, link: string): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => bytes.set(new TextEncoder().encode(text), at);
  put(name.slice(0, 100), 0);
  put('0000644\0', 100);
  put(`${size.toString(8).padStart(11, '0')}\0`, 124);
  put('00000000000\0', 136);
  put(type, 156);
  put(link.slice(0, 100), 157);
  put('ustar\x0000', 257);
  repairChecksum(bytes, 0);
  return bytes;
}

/** Sum of the header's bytes, its own field counted as spaces. */
export function repairChecksum(bytes: Uint8Array, at: number): void {
  bytes.fill(0x20, at + 148, at + 156);
  const sum = bytes.subarray(at, at + BLOCK).reduce((a, b) => a + b, 0);
  bytes.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), at + 148);
}
