/**
 * @module What every kind of tree must do: run by the tests of each.
 */
import { describe, expect, test } from 'vitest';
import { treeEntries } from '../testing/tree-entries.ts';
import { isReadFailure, type MachineTree } from './machine-tree.ts';
import type { TreeEntry } from './memory-tree.ts';

const FILES: readonly TreeEntry[] = treeEntries({
  'proc/version': 'Linux version 6.1',
  'sys/devices/a/value': '7',
  'sys/devices/a/config': Uint8Array.of(0, 1, 0xff, 0),
  'sys/devices/a/empty': new Uint8Array(),
  'sys/devices/a/b/value': '8',
  'sys/devices/a/up': { link: '..' },
  'sys/bus/a': { link: '../devices/a' },
  'sys/bus/absolute': { link: '/sys/devices/a' },
  'sys/bus/dangling': { link: '../devices/gone' },
  'sys/bus/escape': { link: '../../../proc/version' },
  'sys/bus/far-escape': { link: '../../../../../../../../etc/passwd' },
  'sys/bus/absolute-escape': { link: '/etc/passwd' },
  'sys/bus/loop': { link: 'loop' },
  'sys/bus/ping': { link: 'pong/x' },
  'sys/bus/pong': { link: 'ping/x' },
  'sys/empty': null,
});

export interface ContractSubject {
  readonly name: string;
  make(entries: readonly TreeEntry[]): Promise<MachineTree>;
}

export function machineTreeContract({ name, make }: ContractSubject): void {
  const textOf = (result: unknown): unknown =>
    isReadFailure(result) ? result.reason : new TextDecoder().decode(result as Uint8Array);
  const reasonOf = (result: unknown): unknown => (isReadFailure(result) ? result.reason : result);

  describe(`${name} keeps the contract of MachineTree`, () => {
    test('reads files, whatever bytes they hold', async () => {
      const tree = await make(FILES);
      expect(textOf(tree.readBytes('proc/version'))).toBe('Linux version 6.1\n');
      expect([...(tree.readBytes('sys/devices/a/config') as Uint8Array)]).toEqual([0, 1, 0xff, 0]);
      expect(tree.readBytes('sys/devices/a/empty')).toHaveLength(0);
    });

    test('gives the same bytes again, whatever was read in between', async () => {
      const tree = await make(FILES);
      const first = tree.readBytes('sys/devices/a/value');
      tree.readBytes('sys/devices/a/b/value');
      expect(textOf(first)).toBe('7\n');
      expect(textOf(tree.readBytes('sys/devices/a/value'))).toBe('7\n');
    });

    test('lists directories, sorted', async () => {
      const tree = await make(FILES);
      expect(tree.list('')).toEqual(['proc', 'sys']);
      expect(tree.list('sys/devices/a')).toEqual(['b', 'config', 'empty', 'up', 'value']);
      expect(tree.list('sys/empty')).toEqual([]);
    });

    test('follows links on the way, also to a directory, and back up', async () => {
      const tree = await make(FILES);
      expect(textOf(tree.readBytes('sys/bus/a/value'))).toBe('7\n');
      expect(textOf(tree.readBytes('sys/bus/a/b/value'))).toBe('8\n');
      expect(tree.list('sys/bus/a')).toEqual(tree.list('sys/devices/a'));
      expect(textOf(tree.readBytes('sys/bus/a/up/a/value'))).toBe('7\n');
      // After a link, `..` is above its target, as it is for the kernel.
      expect(tree.list('sys/bus/a/..')).toEqual(['a']);
    });

    test('takes an absolute target from the root of the machine', async () => {
      const tree = await make(FILES);
      expect(textOf(tree.readBytes('sys/bus/absolute/value'))).toBe('7\n');
      expect(reasonOf(tree.readBytes('sys/bus/absolute-escape'))).toBe('missing');
    });

    test('never leaves the root', async () => {
      const tree = await make(FILES);
      for (const path of ['sys/bus/escape', 'sys/bus/far-escape', '..', '../etc/passwd', 'sys/../../etc/passwd']) {
        expect(reasonOf(tree.readBytes(path)), path).toBe('outside');
        expect(reasonOf(tree.list(path)), path).toBe('outside');
      }
      expect(reasonOf(tree.readLink('../x'))).toBe('outside');
    });

    test('shows a link as it is written, wherever it leads', async () => {
      const tree = await make(FILES);
      expect(tree.readLink('sys/bus/a')).toBe('../devices/a');
      expect(tree.readLink('sys/bus/dangling')).toBe('../devices/gone');
      expect(tree.readLink('sys/bus/far-escape')).toBe('../../../../../../../../etc/passwd');
      expect(tree.readLink('sys/bus/a/up')).toBe('..');
      expect(reasonOf(tree.readLink('sys/devices/a'))).toBe('not-a-link');
      expect(reasonOf(tree.readLink('sys/devices/a/value'))).toBe('not-a-link');
    });

    test('ends where links go round in circles', async () => {
      const tree = await make(FILES);
      expect(reasonOf(tree.readBytes('sys/bus/loop'))).toBe('io');
      expect(reasonOf(tree.list('sys/bus/ping'))).toBe('io');
    });

    test('says what is not there, and what is of another kind', async () => {
      const tree = await make(FILES);
      const absent = ['gone', 'sys/gone', 'sys/bus/dangling', 'sys/devices/a/value/below', 'gone/..', 'a'.repeat(5000)];
      for (const path of absent) expect(reasonOf(tree.readBytes(path)), path.slice(0, 40)).toBe('missing');
      expect(reasonOf(tree.list('sys/gone'))).toBe('missing');
      expect(reasonOf(tree.readLink('sys/gone'))).toBe('missing');
      expect(reasonOf(tree.readBytes('sys/devices/a'))).toBe('not-a-file');
      expect(reasonOf(tree.list('sys/devices/a/value'))).toBe('not-a-directory');
    });

    test('gives the same answers whether or not the directory was listed before', async () => {
      const paths = ['sys/bus/a', 'sys/bus/a/value', 'sys/bus/dangling', 'sys/bus/gone', 'sys/devices/a/up'];
      const fresh = await make(FILES);
      const listed = await make(FILES);
      for (const directory of ['', 'sys', 'sys/bus', 'sys/devices', 'sys/devices/a']) listed.list(directory);
      for (const path of paths) {
        expect(textOf(listed.readBytes(path)), path).toEqual(textOf(fresh.readBytes(path)));
        expect(reasonOf(listed.readLink(path)), path).toEqual(reasonOf(fresh.readLink(path)));
      }
    });

    test('refuses a file that is longer than the limit', async () => {
      const tree = await make(FILES);
      expect(reasonOf(tree.readBytes('sys/devices/a/config', 3))).toBe('too-large');
      expect(tree.readBytes('sys/devices/a/config', 4)).toHaveLength(4);
    });

    test('names the path in every failure', async () => {
      const tree = await make(FILES);
      for (const failure of [tree.readBytes('sys/gone'), tree.list('sys/gone'), tree.readLink('sys/gone')]) {
        expect(failure).toMatchObject({ kind: 'failure', message: expect.stringContaining('sys/gone') });
        expect(Object.isFrozen(failure)).toBe(true);
      }
    });

    test('has a label, and knows that nothing of it is lost', async () => {
      expect(await make(FILES)).toMatchObject({ label: expect.stringMatching(/./), complete: true });
    });
  });
}
