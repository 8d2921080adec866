import { describe, expect, test } from 'vitest';
import { treeEntries } from '../testing/tree-entries.ts';
import { machineTreeContract } from './machine-tree.contract.ts';
import { createMemoryTree, type PlacedEntry } from './memory-tree.ts';

machineTreeContract({ name: 'the tree in memory', make: async (entries) => createMemoryTree('test', entries).tree });

const bytes = new Uint8Array();

describe('names that cannot be used', () => {
  const refused = (path: string): PlacedEntry => ({ kind: 'file', path, bytes, offset: 512 });

  test.each([
    ['/etc/passwd', 'absolute'],
    ['../up', 'climbs'],
    ['sys/../../up', 'climbs'],
    ['', 'no usable name'],
    ['sys//x', 'no usable name'],
    ['sys/./x', 'no usable name'],
    ['sys/\0', 'no usable name'],
    [`${'d/'.repeat(200)}x`, 'deeper'],
  ])('%j is left out, and said with its offset', (path, why) => {
    const { tree, diagnostics } = createMemoryTree('box.tar', [refused(path), refused('sound')]);
    expect(diagnostics).toMatchObject([
      { severity: 'error', file: 'box.tar', offset: 512, message: expect.stringContaining(why) },
    ]);
    expect(tree.list('')).toEqual(['sound']);
  });
});

describe('entries that contradict each other', () => {
  test('the later of two files is used', () => {
    const { tree, diagnostics } = createMemoryTree('test', [
      ...treeEntries({ 'a/x': 'old' }),
      ...treeEntries({ 'a/x': 'new' }),
    ]);
    expect(new TextDecoder().decode(tree.readBytes('a/x') as Uint8Array)).toBe('new\n');
    expect(tree.list('a')).toEqual(['x']);
    expect(diagnostics).toMatchObject([{ severity: 'warning', message: expect.stringContaining('twice') }]);
  });

  test('a directory may be named again, with all that is in it', () => {
    const { tree, diagnostics } = createMemoryTree('test', treeEntries({ 'a/x': '1', a: null }));
    expect(tree.list('a')).toEqual(['x']);
    expect(diagnostics).toEqual([]);
  });

  test('a directory is not replaced by a link, nor a link by a directory', () => {
    const { tree, diagnostics } = createMemoryTree('test', [
      ...treeEntries({ 'a/x': '1', b: { link: 'a' } }),
      ...treeEntries({ a: { link: '/etc' }, b: null }),
    ]);
    expect(tree.list('a')).toEqual(['x']);
    expect(tree.readLink('b')).toBe('a');
    expect(diagnostics).toHaveLength(2);
  });

  test('nothing is put below a link or a file', () => {
    const { tree, diagnostics } = createMemoryTree(
      'test',
      treeEntries({ a: { link: 'b' }, 'a/x': '1', f: '2', 'f/x/y': '3', b: null }),
    );
    expect(tree.list('')).toEqual(['a', 'b', 'f']);
    expect(tree.list('b')).toEqual([]);
    expect(diagnostics).toHaveLength(2);
  });
});
