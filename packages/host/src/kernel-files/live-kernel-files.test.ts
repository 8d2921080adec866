import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../../inventory/src/testing/temporary-directory.ts';
import { treeEntries } from '../../../inventory/src/testing/tree-entries.ts';
import type { KernelFiles, WriteOutcome } from './kernel-files.ts';
import { createLiveKernelFiles } from './live-kernel-files.ts';

const ENOUGH = 20_000;

function kernel(): { root: string; files: KernelFiles } {
  const root = temporaryDirectory(treeEntries({ 'sys/a': 'before', 'sys/dir': null }));
  const files = createLiveKernelFiles(root);
  onTestFinished(() => files.close());
  return { root, files };
}

it('writes into files that are there, as they are told', async () => {
  const { root, files } = kernel();
  expect(await files.write('sys/a', 'after\n', ENOUGH)).toEqual({ kind: 'ok' });
  expect(readFileSync(join(root, 'sys/a'), 'utf8')).toBe('after\n\n');
});

it("answers with the kernel's own error, and makes no file", async () => {
  const { root, files } = kernel();
  expect(await files.write('sys/gone', 'x', ENOUGH)).toEqual({
    kind: 'errno',
    errno: 'ENOENT',
    says: 'no such file or directory',
  });
  expect(existsSync(join(root, 'sys/gone'))).toBe(false);
  const says = 'illegal operation on a directory';
  expect(await files.write('sys/dir', 'x', ENOUGH)).toEqual({ kind: 'errno', errno: 'EISDIR', says });
});

it('follows links of its own tree only, and never out of sys', async () => {
  const { root, files } = kernel();
  const outside = temporaryDirectory(treeEntries({ file: 'theirs' }));
  symlinkSync(join(outside, 'file'), join(root, 'sys/absolute'));
  symlinkSync(`../../${basename(outside)}/file`, join(root, 'sys/climbing'));
  symlinkSync(outside, join(root, 'sys/elsewhere'));
  symlinkSync('../kept', join(root, 'sys/beside'));
  symlinkSync('../sys/a', join(root, 'sys/within'));
  writeFileSync(join(root, 'kept'), 'kept');
  for (const path of ['sys/absolute', 'sys/climbing', 'sys/elsewhere/file', 'sys/beside', 'kept']) {
    expect(await files.write(path, 'overwritten', ENOUGH), path).toMatchObject({ kind: 'errno' });
  }
  expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('theirs\n');
  expect(readFileSync(join(root, 'kept'), 'utf8')).toBe('kept');
  expect(await files.write('sys/within', 'after\n', ENOUGH)).toEqual({ kind: 'ok' });
  expect(readFileSync(join(root, 'sys/a'), 'utf8')).toBe('after\n\n');
});

it('never writes out of sys of this machine, whatever the path', async () => {
  const files = createLiveKernelFiles('/');
  onTestFinished(() => files.close());
  const theirs = join(temporaryDirectory(treeEntries({ file: 'theirs' })), 'file');
  for (const path of [`sys/..${theirs}`, theirs.slice(1), `sys/bus/../..${theirs}`]) {
    expect(await files.write(path, 'overwritten', ENOUGH), path).toMatchObject({ kind: 'errno', errno: 'EXDEV' });
  }
  expect(readFileSync(theirs, 'utf8')).toBe('theirs\n');
});

it('runs no program for another root than its own', async () => {
  const { files } = kernel();
  expect(await files.run('modprobe', ['vfio-pci'], ENOUGH)).toMatchObject({ kind: 'errno', errno: 'EPERM' });
});

it('abandons a write that does not return, in a process of its own, and goes on with another', async () => {
  const { root, files } = kernel();
  // Opening a pipe that nobody reads from waits for ever.
  execFileSync('mkfifo', [join(root, 'sys/pipe')]);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  const began = Date.now();
  // The process that writes has to start first, which is not counted.
  const first = await files.writer();
  const outcome = (await files.write('sys/pipe', 'x', 300)) as Extract<WriteOutcome, { kind: 'stuck' }>;
  clearInterval(timer);
  expect(outcome).toEqual({ kind: 'stuck', writer: first, deadlineMs: 300 });
  expect(Date.now() - began).toBeLessThan(10_000);
  // The caller went on living meanwhile.
  expect(ticks).toBeGreaterThan(5);
  expect(files.isAlive(first)).toBe(true);
  expect(await files.write('sys/a', 'x', ENOUGH)).toEqual({ kind: 'ok' });
  expect((await files.writer()).pid).not.toBe(first.pid);
  // It returns, and then that process ends by itself.
  execFileSync('timeout', ['5', 'cat', join(root, 'sys/pipe')]);
  for (let waited = 0; files.isAlive(first) && waited < 5000; waited += 20) await sleep(20);
  expect(files.isAlive(first)).toBe(false);
});

it('tells a program that fails by its own words', async () => {
  const files = createLiveKernelFiles('/');
  onTestFinished(() => files.close());
  const outcome = await files.run('modprobe', ['isogroups-has-no-such-module'], ENOUGH);
  expect(outcome).toMatchObject({ kind: 'errno' });
  expect(outcome).not.toMatchObject({ errno: 'EPERM' });
});

it('survives the death of the process that writes', async () => {
  const { files } = kernel();
  const writer = await files.writer();
  process.kill(writer.pid, 'SIGKILL');
  for (let waited = 0; files.isAlive(writer) && waited < 5000; waited += 20) await sleep(20);
  const outcome = await files.write('sys/a', 'x', ENOUGH);
  expect(['EPIPE', undefined]).toContain(outcome.kind === 'errno' ? outcome.errno : undefined);
  expect(await files.write('sys/a', 'x', ENOUGH)).toEqual({ kind: 'ok' });
});

it('sees what changes', async () => {
  const { files } = kernel();
  const text = (): string => new TextDecoder().decode(files.look().readBytes('sys/a') as Uint8Array);
  expect(text()).toBe('before\n');
  await files.write('sys/a', 'AFTER', ENOUGH);
  expect(text()).toBe('AFTERe\n');
});
