/** A disk that fills up in the middle of a line. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { temporaryDirectory } from '../../../inventory/src/testing/temporary-directory.ts';

let room = Number.POSITIVE_INFINITY;

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    writeSync(fd: number, data: Uint8Array | string, offset?: number) {
      if (room === Number.POSITIVE_INFINITY || typeof data === 'string')
        return fs.writeSync(fd, data as Uint8Array, offset);
      const written = fs.writeSync(fd, data, offset ?? 0, Math.min(room, data.length - (offset ?? 0)));
      room -= written;
      if (room === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      return written;
    },
  };
});

const { createJournalFile } = await import('./journal-store.ts');

it('leaves a cut line, which the next record does not stick to', () => {
  const directory = join(temporaryDirectory(), 'state');
  mkdirSync(directory);
  const journal = createJournalFile(directory);
  expect(journal.lock()).toEqual({ kind: 'locked' });
  expect(journal.append({ kind: 'confirmed', claim: 'c1' }, true)).toEqual({ kind: 'ok' });
  room = 10;
  expect(journal.append({ kind: 'confirmed', claim: 'c2' }, true)).toMatchObject({ kind: 'failed' });
  room = Number.POSITIVE_INFINITY;
  expect(journal.append({ kind: 'confirmed', claim: 'c3' }, true)).toEqual({ kind: 'ok' });
  const here = journal.read();
  journal.unlock();
  for (const { records, damagedLine, torn } of [here, journal.read()]) {
    expect([damagedLine, torn]).toEqual([undefined, 0]);
    expect(records.map((r) => r.kind)).toEqual(['confirmed', 'mended', 'confirmed']);
  }
});
