import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../../inventory/src/testing/temporary-directory.ts';
import { createJournalFile } from './journal-store.ts';

const confirmed = (claim: string) => ({ kind: 'confirmed', claim }) as const;

it('is readable by its owner alone, a record a line', () => {
  const directory = join(temporaryDirectory(), 'state');
  const journal = createJournalFile(directory);
  expect(journal.lock()).toEqual({ kind: 'locked' });
  expect(journal.append(confirmed('c1'), true)).toEqual({ kind: 'ok' });
  expect(journal.append(confirmed('c2'), false)).toEqual({ kind: 'ok' });
  journal.unlock();
  const lines = readFileSync(join(directory, 'journal'), 'utf8').trim().split('\n');
  expect(lines.map((l) => JSON.parse(l))).toMatchObject([confirmed('c1'), confirmed('c2')]);
  expect(lines[0]).toMatch(/^\{"kind":"confirmed","claim":"c1","at":"\d{4}-/);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, 'journal')).mode & 0o777).toBe(0o600);
});

it('is written under the lock only', () => {
  expect(() => createJournalFile(temporaryDirectory()).append(confirmed('c1'), true)).toThrow('lock');
});

it('mends a line that was cut, at every byte', () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'journal');
  const write = (claim: string): void => {
    const journal = createJournalFile(directory);
    journal.lock();
    journal.append(confirmed(claim), true);
    journal.unlock();
  };
  write('c1');
  const begin = statSync(file).size;
  write('c2');
  const whole = readFileSync(file);
  for (let length = begin; length <= whole.length; length++) {
    writeFileSync(file, whole);
    truncateSync(file, length);
    write('c3');
    const { records, damagedLine, torn } = createJournalFile(directory).read();
    expect([damagedLine, torn]).toEqual([undefined, 0]);
    const told = records.flatMap((r) => (r.kind === 'confirmed' ? [r.claim] : []));
    expect(told).toEqual(length >= whole.length - 1 ? ['c1', 'c2', 'c3'] : ['c1', 'c3']);
  }
});

it('refuses to guess what a damaged line said', () => {
  const directory = temporaryDirectory();
  const journal = createJournalFile(directory);
  journal.lock();
  journal.append(confirmed('c1'), true);
  appendFileSync(join(directory, 'journal'), '{"kind":"inten\n');
  appendFileSync(join(directory, 'journal'), '{"kind":"confirmed","claim":"c2","at":"x"}\n');
  journal.unlock();
  expect(journal.read().damagedLine).toBe(2);
});

/** Holds the lock until it is killed. */
const holder = (directory: string) => {
  const source = `
    import { createJournalFile } from '${new URL('./journal-store.ts', import.meta.url).pathname}';
    console.log(createJournalFile(${JSON.stringify(directory)}).lock().kind);
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['--import', 'tsx', '--conditions=source', '--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
};

it('is locked against other processes, and free as soon as its holder is killed', async () => {
  const directory = temporaryDirectory();
  const child = holder(directory);
  expect((await once(child.stdout, 'data')).toString()).toBe('locked\n');
  const journal = createJournalFile(directory);
  expect(journal.lock()).toMatchObject({ kind: 'busy', holder: expect.stringContaining(`pid ${child.pid}`) });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await sleep(10);
  expect(journal.lock()).toEqual({ kind: 'locked' });
  journal.unlock();
});

it('can be locked by one of many at a time', () => {
  const directory = temporaryDirectory();
  const first = createJournalFile(directory);
  expect(first.lock()).toEqual({ kind: 'locked' });
  expect(createJournalFile(directory).lock().kind).toBe('busy');
  first.unlock();
  expect(spawnSync('flock', ['--nonblock', join(directory, 'lock'), 'true']).status).toBe(0);
});

it('is locked once in a process too, and let go by whoever locked it', () => {
  const directory = temporaryDirectory();
  const journal = createJournalFile(directory);
  expect(journal.lock()).toEqual({ kind: 'locked' });
  expect(journal.lock()).toMatchObject({ kind: 'busy', holder: expect.stringContaining(`pid ${process.pid}`) });
  // What was locked first is so still, and can be written.
  expect(journal.append(confirmed('c1'), true)).toEqual({ kind: 'ok' });
  expect(createJournalFile(directory).lock().kind).toBe('busy');
  journal.unlock();
  expect(journal.lock()).toEqual({ kind: 'locked' });
  journal.unlock();
});

it('is locked although the disk has no room for the name of the holder', () => {
  const directory = temporaryDirectory();
  symlinkSync('/dev/full', join(directory, 'lock'));
  const journal = createJournalFile(directory);
  expect(journal.lock()).toEqual({ kind: 'locked' });
  journal.unlock();
});
