/**
 * @module What a file is, by its first bytes.
 */
import { isGzip } from '../tree/gzip-magic.ts';
import { isTar } from '../tree/tar-reader.ts';

export type Recognised =
  | { readonly kind: 'gzip' | 'tar' | 'text' | 'empty' }
  /** Something known that is no machine. */
  | { readonly kind: 'other'; readonly name: string; readonly advice: string };

const UNPACK = 'Unpack it first, and name the tar archive or the directory.';

const MAGIC: readonly (readonly [readonly number[], string, string])[] = [
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with zstd', UNPACK],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'compressed with xz', UNPACK],
  [[0x42, 0x5a, 0x68], 'compressed with bzip2', UNPACK],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive', UNPACK],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program', 'Name a snapshot, a directory, or a text made by lspci.'],
];

export function recognise(bytes: Uint8Array): Recognised {
  if (bytes.length === 0) return { kind: 'empty' };
  if (isGzip(bytes)) return { kind: 'gzip' };
  if (isTar(bytes)) return { kind: 'tar' };
  for (const [magic, name, advice] of MAGIC) {
    if (magic.every((byte, i) => bytes[i] === byte)) return { kind: 'other', name, advice };
  }
  const start = bytes.subarray(0, 64 * 1024);
  if (start.includes(0))
    return { kind: 'other', name: 'no text', advice: 'Name a snapshot, a directory, or a text made by lspci.' };
  return { kind: 'text' };
}
