import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Machine } from '@isogroups/pci';
import { describe, expect, test } from 'vitest';
import { captureMachine } from '../capture/capture-machine.ts';
import { packSnapshot } from '../capture/pack-snapshot.ts';
import { readMachine } from '../sysfs/read-machine.ts';
import { smallMachine } from '../testing/small-machine.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { memoryTreeOf, treeEntries } from '../testing/tree-entries.ts';
import { CannotReadMachine } from './cannot-read-machine.ts';
import { openMachine } from './open-machine.ts';

const LSPCI = '00:00.0 Host bridge [0600]: Intel Corporation Device [8086:1904]\n';

async function snapshot(): Promise<Uint8Array> {
  return packSnapshot(captureMachine(memoryTreeOf(smallMachine()), { redact: false }).entries);
}

/** Of the machine without what names its source. */
const facts = ({ source, ...machine }: Machine): unknown => machine;

const EXPECTED = facts(readMachine(memoryTreeOf(smallMachine()), { kind: 'snapshot', label: 'x' }));

async function* stream(...chunks: readonly (Uint8Array | string)[]): AsyncGenerator<Uint8Array | string> {
  yield* chunks;
}

async function failure(where: string): Promise<CannotReadMachine> {
  const error = await openMachine(where).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CannotReadMachine)) throw error ?? new Error(`${where} was opened`);
  return error;
}

describe('every source gives the same machine', () => {
  test('a directory, as root or as snapshot', async () => {
    const unpacked = temporaryDirectory(treeEntries(smallMachine()));
    const machine = await openMachine(unpacked);
    expect(facts(machine)).toEqual(EXPECTED);
    expect(machine.source).toEqual({ kind: 'snapshot', label: unpacked });
    const root = temporaryDirectory(treeEntries(smallMachine({}, ['dmesg.txt'])));
    expect((await openMachine(root)).source.kind).toBe('root');
  });

  test('an archive, gzipped or not, by its content and not by its name', async () => {
    const root = temporaryDirectory();
    const packed = await snapshot();
    writeFileSync(join(root, 'box.tar.gz'), packed);
    writeFileSync(join(root, 'attachment.bin'), packed);
    const { gunzipSync } = await import('node:zlib');
    writeFileSync(join(root, 'box.txt'), gunzipSync(packed));
    for (const name of ['box.tar.gz', 'attachment.bin', 'box.txt']) {
      const machine = await openMachine(join(root, name));
      expect(facts(machine), name).toEqual(EXPECTED);
      expect(machine.source).toEqual({ kind: 'snapshot', label: join(root, name) });
    }
  });

  test('a directory with a snapshot in it, and a link to a file', async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, 'snapshot.tar.gz'), await snapshot());
    symlinkSync('snapshot.tar.gz', join(root, 'alias'));
    expect(facts(await openMachine(root))).toEqual(EXPECTED);
    expect(facts(await openMachine(join(root, 'alias')))).toEqual(EXPECTED);
  });

  test('standard input, in any pieces', async () => {
    const packed = await snapshot();
    const stdin = stream(packed.slice(0, 1), packed.slice(1, 700), packed.slice(700));
    const machine = await openMachine('-', { stdin });
    expect(facts(machine)).toEqual(EXPECTED);
    expect(machine.source.label).toBe('standard input');
  });

  test('an archive that is cut is half a machine, with diagnostics', async () => {
    const root = temporaryDirectory();
    const packed = await snapshot();
    writeFileSync(join(root, 'cut.tar.gz'), packed.subarray(0, Math.floor(packed.length * 0.7)));
    const machine = await openMachine(join(root, 'cut.tar.gz'));
    expect(machine.functions.length).toBeGreaterThan(0);
    expect(machine.diagnostics[0]).toMatchObject({ severity: 'error', offset: expect.any(Number) });
  });
});

describe('the text of lspci', () => {
  test('from a file, gzipped, or from standard input', async () => {
    const root = temporaryDirectory();
    writeFileSync(join(root, 'a.txt'), LSPCI);
    writeFileSync(join(root, 'a.txt.gz'), gzipSync(LSPCI));
    for (const name of ['a.txt', 'a.txt.gz']) {
      expect(await openMachine(join(root, name))).toMatchObject({
        source: { kind: 'lspci' },
        functions: [{ device: 0x1904 }],
      });
    }
    expect(await openMachine('-', { stdin: stream(LSPCI) })).toMatchObject({
      source: { kind: 'lspci', label: 'standard input' },
    });
  });
});

describe('what is no machine is refused with the cause and the next step', () => {
  const root = (): string => temporaryDirectory();

  test('nothing of that name', async () => {
    expect(await failure('/nowhere/box.tar.gz')).toMatchObject({ code: 'missing', where: '/nowhere/box.tar.gz' });
  });

  test.each([
    ['JSON', '{"groups": []}', /is JSON, and cannot be read as one made by lspci .*Name a directory/],
    ['some text', 'hello world\n', /is a text that cannot be read as one made by lspci/],
    ['an empty file', '', /is empty/],
    ['bytes', Uint8Array.of(1, 2, 0, 4), /is no text/],
    ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0), /compressed with zstd\. Unpack it first/],
    ['gzip of nothing', gzipSync(''), /is empty/],
    ['the beginning of a gzip file', Uint8Array.of(0x1f, 0x8b, 8), /is empty \(its compressed data is damaged\)/],
  ])('%s', async (_, content, message) => {
    const file = join(root(), 'file');
    writeFileSync(file, content);
    const error = await failure(file);
    expect(error.code).toBe('unrecognised');
    expect(error.message).toMatch(message);
    expect(error.message.startsWith(file)).toBe(true);
    expect(error.tried.length).toBeGreaterThan(0);
  });

  test('an archive without a machine', async () => {
    const file = join(root(), 'other.tar.gz');
    writeFileSync(file, await packSnapshot(treeEntries({ 'home/me/x': '1' })));
    expect(await failure(file)).toMatchObject({ code: 'unrecognised', tried: ['gzip', 'a tar archive'] });
  });

  test('a directory without a machine', async () => {
    expect((await failure(temporaryDirectory(treeEntries({ 'x/y': '1' })))).message).toMatch(
      /no sys\/bus\/pci in it\. Name/,
    );
    const sys = temporaryDirectory(treeEntries({ 'bus/pci/x': '1', 'devices/y': '1' }));
    expect((await failure(sys)).message).toMatch(/copy of \/sys: name the directory that it is in/);
  });

  test('a pipe or a device, without opening it', async () => {
    const pipe = join(root(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await failure(pipe)).toMatchObject({
      code: 'not-a-file',
      message: expect.stringContaining('standard input'),
    });
    expect(await failure('/dev/zero')).toMatchObject({ code: 'not-a-file' });
  });
});

describe('the running machine', () => {
  test('is what is opened where nothing is named, and what / is', async () => {
    for (const where of [undefined, '/']) {
      const machine = await openMachine(where);
      expect(machine.source).toEqual({ kind: 'live', label: 'this machine' });
      expect(machine.kernel.release).toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim());
      expect(Array.isArray(machine.kernel.groups)).toBe(true);
    }
  });
});
