/**
 * @module What must outlive a loss of power. A new file is only there afterwards when its directory says so, which is
 * synced with the same function.
 */
import { closeSync, constants, fsyncSync, openSync } from 'node:fs';

/** @param path Of a file or a directory. */
export function syncFile(path: string): void {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
