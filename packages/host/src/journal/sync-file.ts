/**
 * @module What must outlive a loss of power. A new file is only there afterwards when its directory says so: that is synced by
 * the same call.
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
