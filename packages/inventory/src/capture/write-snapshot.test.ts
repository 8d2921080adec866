import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { CannotWriteSnapshot, writeSnapshot } from './write-snapshot.ts';

const BYTES = new TextEncoder().encode('snapshot');

function codeOf(write: () => void): string {
  try {
    write();
  } catch (error) {
    if (error instanceof CannotWriteSnapshot) return error.code;
    throw error;
  }
  return 'written';
}

test('writes the file, and nothing beside it', () => {
  const root = temporaryDirectory();
  writeSnapshot(join(root, 'box.tar.gz'), BYTES);
  expect(readFileSync(join(root, 'box.tar.gz'), 'utf8')).toBe('snapshot');
  expect(readdirSync(root)).toEqual(['box.tar.gz']);
  expect(statSync(join(root, 'box.tar.gz')).mode & 0o777).toBe(0o600);
});

test('does not replace a file, unless forced', () => {
  const file = join(temporaryDirectory(), 'box.tar.gz');
  writeFileSync(file, 'precious');
  expect(codeOf(() => writeSnapshot(file, BYTES))).toBe('exists');
  expect(readFileSync(file, 'utf8')).toBe('precious');
  writeSnapshot(file, BYTES, { force: true });
  expect(readFileSync(file, 'utf8')).toBe('snapshot');
});

test('does not write through a link, nor to a directory or a device, forced or not', () => {
  const root = temporaryDirectory();
  writeFileSync(join(root, 'precious'), 'precious');
  symlinkSync('precious', join(root, 'link'));
  symlinkSync('not-there', join(root, 'dangling'));
  mkdirSync(join(root, 'directory'));
  for (const force of [false, true]) {
    for (const name of ['link', 'dangling', 'directory']) {
      expect(
        codeOf(() => writeSnapshot(join(root, name), BYTES, { force })),
        name,
      ).toBe('not-a-file');
    }
    expect(codeOf(() => writeSnapshot('/dev/null', BYTES, { force }))).toBe('not-a-file');
  }
  expect(readdirSync(root).sort()).toEqual(['dangling', 'directory', 'link', 'precious']);
  expect(readFileSync(join(root, 'precious'), 'utf8')).toBe('precious');
});

test('leaves nothing behind where it cannot write', () => {
  const root = temporaryDirectory();
  expect(codeOf(() => writeSnapshot(join(root, 'gone/box.tar.gz'), BYTES))).toBe('io');
  expect(codeOf(() => writeSnapshot(join(root, 'x'.repeat(300)), BYTES))).toBe('io');
  // Fails only when the place was reserved and the temporary file is there.
  expect(codeOf(() => writeSnapshot(join(root, 'box.tar.gz'), { length: 8 } as Uint8Array))).toBe('io');
  expect(readdirSync(root)).toEqual([]);
});

test('says what to do', () => {
  const file = join(temporaryDirectory(), 'box.tar.gz');
  writeFileSync(file, '');
  expect(() => writeSnapshot(file, BYTES)).toThrow(/exists already\. Name another file, or use --force/);
});
