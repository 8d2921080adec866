import { expect, test } from 'vitest';
import { memoryTreeOf } from '../testing/tree-entries.ts';
import { type ReadFailure, readFailure } from './machine-tree.ts';
import { overlayTree } from './overlay-tree.ts';

const base = memoryTreeOf({ 'sys/a': '1', 'sys/b': '2', l: { link: 'sys/a' } });
const denied = readFailure('denied', 'sys/b');
const tree = overlayTree(
  base,
  new Map<string, () => Uint8Array | ReadFailure>([
    ['dmesg.txt', () => new TextEncoder().encode('log')],
    ['sys/b', () => denied],
    ['sys/firmware/acpi/tables/DMAR', () => denied],
  ]),
  new Set(['sys/class/iommu', 'sys']),
);

test('what is laid over is read in place of what is below, and listed beside it', () => {
  expect(tree.readBytes('dmesg.txt')).toHaveLength(3);
  expect(tree.readBytes('dmesg.txt', 2)).toMatchObject({ reason: 'too-large' });
  expect(tree.readBytes('sys/b')).toBe(denied);
  expect(tree.readLink('sys/b')).toBe(denied);
  expect(tree.readBytes('sys/a')).toHaveLength(2);
  expect(tree.readLink('l')).toBe('sys/a');
  expect(tree.list('')).toEqual(['dmesg.txt', 'l', 'sys']);
  expect(tree.list('sys')).toEqual(['a', 'b']);
});

test('a directory that could not be read is denied; one that is only laid over lists what was', () => {
  expect(tree.list('sys/b')).toBe(denied);
  expect(tree.list('sys/firmware/acpi/tables')).toEqual(['DMAR']);
  expect(tree.list('dmesg.txt')).toMatchObject({ reason: 'not-a-directory' });
});

test('a directory that is there if need be is empty where the base has none', () => {
  expect(tree.list('sys/class/iommu')).toEqual([]);
  expect(tree.list('sys/class/net')).toMatchObject({ reason: 'missing' });
});
