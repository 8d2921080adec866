import { packTar, type TarHeader } from 'modern-tar';
import { describe, expect, test } from 'vitest';
import { packSnapshot } from '../capture/pack-snapshot.ts';
import { createArchiveTree } from './archive-tree.ts';
import { gunzip } from './gunzip.ts';
import { machineTreeContract } from './machine-tree.contract.ts';
import type { MachineTree } from './machine-tree.ts';

machineTreeContract({
  name: 'the tree of an archive',
  make: async (entries) => createArchiveTree((await gunzip(await packSnapshot(entries), 'test')).bytes, 'test').tree,
});

/** An archive made by somebody else's writer. */
async function archive(
  ...headers: readonly (Partial<TarHeader> & { name: string; text?: string })[]
): Promise<Uint8Array> {
  return packTar(
    headers.map(({ text, ...header }) => {
      const body = new TextEncoder().encode(text ?? '');
      return { header: { size: body.length, ...header } as TarHeader, body };
    }),
  );
}

const textOf = (tree: MachineTree, path: string): string =>
  new TextDecoder().decode(tree.readBytes(path) as Uint8Array);

describe('archives as others make them', () => {
  test('with ./ in front', async () => {
    const { tree, diagnostics } = createArchiveTree(
      await archive({ name: './', type: 'directory' }, { name: './sys/x', text: '1' }),
      'test',
    );
    expect(textOf(tree, 'sys/x')).toBe('1');
    expect(diagnostics).toEqual([]);
  });

  test('with everything in one directory', async () => {
    const { tree } = createArchiveTree(
      await archive(
        { name: 'box/', type: 'directory' },
        { name: 'box/sys/x', text: '1' },
        { name: 'box/dmesg.txt', text: '2' },
      ),
      'test',
    );
    expect(tree.list('')).toEqual(['dmesg.txt', 'sys']);
  });

  test('with two directories at the top, neither of which is the root', async () => {
    const { tree } = createArchiveTree(
      await archive({ name: 'a/sys/x', text: '1' }, { name: 'b/sys/x', text: '2' }),
      'test',
    );
    expect(tree.list('')).toEqual(['a', 'b']);
  });

  test('with names and targets too long for a header', async () => {
    const long = `sys/${'0000:00:01.0/'.repeat(40)}end`;
    const { tree, diagnostics } = createArchiveTree(
      await archive(
        { name: long, text: 'deep' },
        { name: 'sys/link', type: 'symlink', linkname: long.slice(4) },
        { name: 'sys/next', text: 'usual' },
      ),
      'test',
    );
    expect(textOf(tree, 'sys/link')).toBe('deep');
    expect(textOf(tree, 'sys/next')).toBe('usual');
    expect(diagnostics).toEqual([]);
  });
});

describe('what may not be in an archive', () => {
  test.each([
    ['an absolute name', { name: '/etc/cron.d/x' }],
    ['a name that climbs', { name: 'sys/../../x' }],
    ['a hard link', { name: 'sys/h', type: 'link', linkname: 'sys/x' }],
    ['a device', { name: 'sys/d', type: 'character-device' }],
    ['a pipe', { name: 'sys/p', type: 'fifo' }],
  ] as const)('%s: told with its offset, the rest is used', async (_, header) => {
    const { tree, diagnostics } = createArchiveTree(
      await archive({ name: 'sys/x', text: '1' }, header, { name: 'sys/y', text: '2' }),
      'box.tar',
    );
    expect(tree.list('sys')).toEqual(['x', 'y']);
    expect(diagnostics).toMatchObject([{ file: 'box.tar', offset: 1024 }]);
    expect(tree.complete).toBe(true);
  });

  test('a million wrong names are not a million diagnostics', async () => {
    const names = Array.from({ length: 500 }, (_, i) => ({ name: `/absolute/${i}` }));
    const { diagnostics } = createArchiveTree(await archive(...names), 'test');
    expect(diagnostics.length).toBeLessThan(150);
    expect(diagnostics.at(-1)?.message).toContain('400 more');
  });

  test('no more entries than the limit', async () => {
    const bytes = await archive({ name: 'sys/a' }, { name: 'sys/b' }, { name: 'sys/c' });
    const { tree, diagnostics } = createArchiveTree(bytes, 'test', { entries: 2, diagnostics: 100 });
    expect(tree.list('sys')).toEqual(['a', 'b']);
    expect(tree.complete).toBe(false);
    expect(diagnostics).toMatchObject([{ severity: 'error', offset: 1024 }]);
  });
});

describe('damaged archives', () => {
  const whole = (): Promise<Uint8Array> =>
    archive(
      { name: 'sys/a', text: 'A'.repeat(600) },
      { name: 'sys/b', text: 'B'.repeat(600) },
      { name: 'sys/c', text: 'C' },
    );

  test('cut anywhere: what is whole is used, what is lost is known to be lost', async () => {
    const bytes = await whole();
    const end = bytes.length - 1024;
    for (let length = 512; length < end; length += 100) {
      const { tree, diagnostics } = createArchiveTree(bytes.slice(0, length), 'test');
      expect(tree.complete, `cut at ${length}`).toBe(false);
      expect(diagnostics.length, `cut at ${length}`).toBeGreaterThan(0);
      if (length >= 512 + 600) expect(textOf(tree, 'sys/a'), `cut at ${length}`).toBe('A'.repeat(600));
      else expect(tree.readBytes('sys/a')).toMatchObject({ reason: 'missing' });
    }
    expect(createArchiveTree(bytes, 'test')).toMatchObject({ tree: { complete: true }, diagnostics: [] });
  });

  test('a header with a wrong bit: its offset is told, and the search goes on after it', async () => {
    const bytes = await whole();
    bytes[1536 + 3]! ^= 1;
    const { tree, diagnostics } = createArchiveTree(bytes, 'test');
    expect(tree.list('sys')).toEqual(['a', 'c']);
    expect(tree.complete).toBe(false);
    expect(diagnostics).toMatchObject([
      { severity: 'error', offset: 1536, message: expect.stringContaining('checksum') },
    ]);
  });

  test('at an odd offset of a larger buffer', async () => {
    const bytes = await whole();
    const moved = new Uint8Array(bytes.length + 1);
    moved.set(bytes, 1);
    expect(textOf(createArchiveTree(moved.subarray(1), 'test').tree, 'sys/b')).toBe('B'.repeat(600));
  });

  test('a name of a million slashes takes no time', async () => {
    const { tree } = createArchiveTree(
      await archive({ name: `sys/${'/'.repeat(1_000_000)}x` }, { name: 'sys/y' }),
      'test',
    );
    expect(tree.list('sys')).toEqual(['y']);
  });

  test('random bytes, and random changes: no throw, no hang', async () => {
    const bytes = await whole();
    let seed = 20261123;
    const random = (): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed;
    };
    for (let round = 0; round < 300; round++) {
      const mutated = bytes.slice(0, random() % bytes.length);
      for (let change = 0; change < 8 && mutated.length > 0; change++)
        mutated[random() % mutated.length] = random() >>> 24;
      const { tree } = createArchiveTree(mutated, 'test');
      const names = tree.list('sys');
      if (Array.isArray(names)) for (const name of names) tree.readBytes(`sys/${name}`);
    }
  });
});
