import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { treeEntries } from '../testing/tree-entries.ts';
import { createDirectoryTree } from './directory-tree.ts';
import { machineTreeContract } from './machine-tree.contract.ts';

machineTreeContract({
  name: 'the tree of a directory',
  make: async (entries) => createDirectoryTree(temporaryDirectory(entries)),
});

test('a pipe is not opened, listed or not: opening it would wait for ever', () => {
  const root = temporaryDirectory(treeEntries({ 'sys/x': '1' }));
  execFileSync('mkfifo', [join(root, 'sys/pipe')]);
  expect(createDirectoryTree(root).readBytes('sys/pipe')).toMatchObject({ reason: 'not-a-file' });
  const listed = createDirectoryTree(root);
  expect(listed.list('sys')).toEqual(['pipe', 'x']);
  expect(listed.readBytes('sys/pipe')).toMatchObject({ reason: 'not-a-file' });
});

test('a link out of the root is not followed even where its target is there', () => {
  const parent = temporaryDirectory(treeEntries({ secret: 'x', 'root/sys/x': '1' }));
  symlinkSync('../../secret', join(parent, 'root/sys/relative'));
  symlinkSync(join(parent, 'secret'), join(parent, 'root/sys/absolute'));
  symlinkSync('..', join(parent, 'root/up'));
  const tree = createDirectoryTree(join(parent, 'root'));
  expect(tree.readBytes('sys/relative')).toMatchObject({ reason: 'outside' });
  expect(tree.readBytes('sys/absolute')).toMatchObject({ reason: 'missing' });
  expect(tree.readBytes('up/secret')).toMatchObject({ reason: 'outside' });
});

test('the root may itself be a link', () => {
  const parent = temporaryDirectory(treeEntries({ 'real/sys/x': '1', alias: { link: 'real' } }));
  expect(createDirectoryTree(join(parent, 'alias')).list('sys')).toEqual(['x']);
});

test('files of all sizes around those of the buffer are read whole, and stay as they were', () => {
  const root = temporaryDirectory();
  const sizes = [0, 1, 8191, 8192, 8193, 262143, 262144, 262145, 300_000, 1_000_000];
  for (const size of sizes) writeFileSync(join(root, `${size}`), Buffer.alloc(size, size % 251));
  const tree = createDirectoryTree(root);
  const all = [...sizes, ...sizes].map((size) => [size, tree.readBytes(`${size}`) as Uint8Array] as const);
  for (const [size, bytes] of all) {
    expect(bytes.length).toBe(size);
    expect(bytes.every((byte) => byte === size % 251)).toBe(true);
  }
});

/** Root may read everything, so it becomes nobody for the time. */
function unprivileged<T>(run: () => T): T {
  if (process.getuid?.() !== 0) return run();
  process.seteuid?.(65534);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}

test('what may not be read is denied, not missing', () => {
  const root = temporaryDirectory(treeEntries({ 'a/x': '1', b: '2', 'c/x': '3' }));
  chmodSync(root, 0o755);
  chmodSync(join(root, 'b'), 0);
  chmodSync(join(root, 'c'), 0);
  const tree = createDirectoryTree(root);
  unprivileged(() => {
    expect(tree.readBytes('b')).toMatchObject({ reason: 'denied' });
    expect(tree.list('c')).toMatchObject({ reason: 'denied' });
    expect(tree.readBytes('c/x')).toMatchObject({ reason: 'denied' });
    expect(tree.readBytes('a/x')).toHaveLength(2);
  });
  chmodSync(join(root, 'c'), 0o700);
});

test('a root that is not there is an error', () => {
  expect(() => createDirectoryTree('/nowhere/at/all')).toThrow('ENOENT');
});
