/**
 * @module Unpacks gzip with a limit, and keeps what is sound of a file that is cut or damaged.
 */
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { type Diagnostic, diagnostic } from '@isogroups/pci';

export interface Unpacked {
  readonly bytes: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
}

const MIB = 1024 * 1024;

/**
 * Most bytes that `packed` bytes may unpack to: 512 MiB, and beyond 64 MiB no more than 200 times their own number. Real
 * snapshots unpack to about 40 times their size, a bomb to 1000 times.
 */
export function unpackedLimit(packed: number): number {
  return Math.max(64 * MIB, Math.min(512 * MIB, 200 * packed));
}

export async function gunzip(
  packed: Uint8Array,
  label: string,
  limit: number = unpackedLimit(packed.length),
): Promise<Unpacked> {
  try {
    return { bytes: gunzipSync(packed, { maxOutputLength: limit }), diagnostics: [] };
  } catch {
    // What is wrong is found out below, where the part that was unpacked before is kept.
    return salvage(packed, label, limit);
  }
}

/** Small, because what was unpacked into the piece in which the damage lies is lost. */
const PIECE = 1024;

function salvage(packed: Uint8Array, label: string, limit: number): Promise<Unpacked> {
  return new Promise((resolve) => {
    // With this flush the end of the input is no error, so that all that is before it comes out.
    const stream = createGunzip({ chunkSize: PIECE, finishFlush: constants.Z_SYNC_FLUSH });
    const chunks: Uint8Array[] = [];
    let total = 0;
    const finish = (what: string): void => {
      const message = `${what}; the first ${total} bytes that it unpacks to are used`;
      resolve({
        bytes: Buffer.concat(chunks),
        diagnostics: [diagnostic('error', label, message, stream.bytesWritten)],
      });
      stream.destroy();
    };
    stream.on('data', (chunk: Buffer) => {
      if (total + chunk.length > limit) {
        finish(`unpacks to more than ${limit} bytes`);
        return;
      }
      total += chunk.length;
      chunks.push(chunk);
    });
    stream.on('error', (error) => finish(`the compressed data is damaged (${error.message})`));
    stream.on('end', () => finish('the compressed data is cut'));
    stream.end(packed);
  });
}
