import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../testing/run-command.ts';
import { schemaErrors } from '../testing/schema.ts';
import { summariseMissing } from './capture/missing-summary.ts';
import { snapshotName } from './capture/snapshot-name.ts';

let directory: string;
let root: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'isogroups-capture-test-'));
  root = join(directory, 'root');
  const device = 'sys/devices/pci0000:00/0000:00:02.0';
  const files: Record<string, string | Uint8Array> = {
    [`${device}/vendor`]: '0x8086\n',
    [`${device}/device`]: '0x10d3\n',
    [`${device}/class`]: '0x020000\n',
    [`${device}/config`]: new Uint8Array(64),
    'proc/cmdline': 'root=/dev/sda1 quiet\n',
    'proc/version': 'Linux version 6.12.0 (somebody@somewhere)\n',
    'proc/sys/kernel/osrelease': '6.12.0\n',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  mkdirSync(join(root, 'sys/bus/pci/devices'), { recursive: true });
  symlinkSync('../../../devices/pci0000:00/0000:00:02.0', join(root, 'sys/bus/pci/devices/0000:00:02.0'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('isogroups capture', () => {
  it('writes a snapshot that --machine reads, and says what it lacks', async () => {
    const file = join(directory, 'box.tar.gz');
    const { code, stdout } = await runCommand(['capture', '--json', '--machine', root, '-o', file]);
    expect(code).toBe(0);
    expect(schemaErrors(stdout)).toEqual([]);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ file, devices: 1, redacted: false });
    expect(answer.missing).toContainEqual(expect.objectContaining({ reason: 'partial' }));
    expect(answer.bytes).toBe(readFileSync(file).length);

    const again = await runCommand(['list', '--json', '--machine', file]);
    expect(JSON.parse(again.stdout).machine).toMatchObject({ source: 'snapshot', functions: 1, kernel: '6.12.0' });
  });

  it('says it in words as well', async () => {
    const { stdout } = await runCommand(['capture', '--machine', root, '-o', join(directory, 'words.tar.gz')]);
    expect(stdout).toContain('1 device, ');
    expect(stdout.replace(/\s+/g, ' ')).toContain('config: only 64 bytes can be read without root');
  });

  it('replaces a file only when told to', async () => {
    const file = join(directory, 'kept.tar.gz');
    writeFileSync(file, 'something of mine');
    const refused = await runCommand(['capture', '--machine', root, '-o', file]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('--force');
    expect(readFileSync(file, 'utf8')).toBe('something of mine');
    expect((await runCommand(['capture', '--force', '--machine', root, '-o', file])).code).toBe(0);
    expect(readFileSync(file).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  });

  it('leaves nothing behind when it cannot write', async () => {
    const nowhere = join(directory, 'not-there', 'box.tar.gz');
    expect((await runCommand(['capture', '--machine', root, '-o', nowhere])).code).toBe(3);
    expect(readdirSync(directory).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('captures a directory, not a text', async () => {
    const text = join(directory, 'lspci.txt');
    writeFileSync(text, '00:00.0 Host bridge: x\n');
    const { code, stderr } = await runCommand(['capture', '--machine', text, '-o', join(directory, 'x.tar.gz')]);
    expect(code).toBe(2);
    expect(stderr).toContain('directory');
  });

  it('pipes the same bytes that it would write', async () => {
    const file = join(directory, 'piped.tar.gz');
    await runCommand(['capture', '--machine', root, '-o', file]);
    const piped: Uint8Array[] = [];
    const said: string[] = [];
    const out = vi.spyOn(process.stdout, 'write').mockImplementation(((bytes: Uint8Array, done: () => void) => {
      piped.push(bytes);
      done();
      return true;
    }) as typeof process.stdout.write);
    const err = vi.spyOn(process.stderr, 'write').mockImplementation(((text: string) => {
      said.push(text);
      return true;
    }) as typeof process.stderr.write);
    const { code, stdout } = await runCommand(['capture', '--machine', root, '-o', '-']).finally(() => {
      out.mockRestore();
      err.mockRestore();
    });
    expect([code, stdout]).toEqual([0, '']);
    expect(Buffer.concat(piped)).toEqual(readFileSync(file));
    expect(said.join()).toContain('only 64 bytes');
  });

  it('does not mix a snapshot and JSON on one output', async () => {
    expect((await runCommand(['capture', '--json', '--machine', root, '-o', '-'])).code).toBe(2);
  });
});

describe('the name of a snapshot', () => {
  const day = new Date(2026, 10, 3);

  it('carries host and day', () => {
    expect(snapshotName('box', day, false)).toBe('isogroups-box-2026-11-03.tar.gz');
  });

  it('carries no host where that is to be kept back', () => {
    expect(snapshotName('box', day, true)).toBe('isogroups-2026-11-03.tar.gz');
  });

  it('is never a path', () => {
    expect(snapshotName('../../etc/x y', day, false)).toBe('isogroups-etc-x-y-2026-11-03.tar.gz');
    expect(snapshotName('', day, false)).toBe('isogroups-2026-11-03.tar.gz');
  });
});

describe('what is missing', () => {
  it('is told by kind', () => {
    const config = (n: number) => ({ path: `sys/devices/${n}/config`, reason: 'partial', why: 'only 64 bytes' });
    const kinds = summariseMissing([
      config(1),
      config(2),
      { path: 'sys/firmware/acpi/tables/DMAR', reason: 'denied', why: 'no' },
    ]);
    expect(kinds).toEqual([
      { what: 'config of 2 devices', why: 'only 64 bytes', count: 2 },
      { what: 'sys/firmware/acpi/tables/DMAR', why: 'no', count: 1 },
    ]);
  });
});
