import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixture } from '../testing/fixtures.ts';
import { findMachines } from './find-machines.ts';
import { runCorpus } from './run-corpus.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isogroups-corpus-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string | object): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
}
function putSnapshot(name: string, of: string): void {
  mkdirSync(join(folder, name), { recursive: true });
  cpSync(fixture(of), join(folder, name, 'snapshot.tar.gz'));
}
async function run(...folders: string[]): Promise<{ code: number; text: string; last: string }> {
  const lines: string[] = [];
  const code = await runCorpus(folders.length === 0 ? [folder] : folders, (line) => lines.push(line));
  return { code, text: lines.join('\n'), last: lines.at(-1) ?? '' };
}

/** Two conventional functions of one slot: the kernel puts them together. */
const functionText = (n: number): string => `00:02.${n} Serial bus controller [0c80]: Device [1234:567${n}]
\tControl: I/O- Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- FastB2B- DisINTx-
\tStatus: Cap- 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- >SERR- <PERR- INTx-
\tIOMMU group: 0
`;
const TEXT = `${functionText(0)}\n${functionText(1)}\n`;
const TOGETHER = { '0000:00:02.0': 5, '0000:00:02.1': 5 };
const APART = { '0000:00:02.0': 5, '0000:00:02.1': 6 };

describe('a collection', () => {
  it('passes where every partition and every number that counts is equal', async () => {
    putSnapshot('a', 'intel-switch-without-acs');
    putSnapshot('deeper/b', 'amd-root-port-with-acs');
    putSnapshot('c', 'smmuv3-acpi');
    const { code, text, last } = await run();
    expect(code).toBe(0);
    expect(last).toBe('3 passed, 0 failed');
    expect(text).toMatch(/equal partitions +3 of 3/);
    expect(text).toMatch(/equal numbers +2 of 2/);
  });

  it('fails with the difference and its reason', async () => {
    putSnapshot('good', 'intel-switch-without-acs');
    putSnapshot('bad', 'without-root');
    const { code, text, last } = await run();
    expect(code).toBe(1);
    expect(last).toBe('1 passed, 1 failed');
    expect(text).toContain('bad: another partition');
    expect(text).toContain('0000:00:02.0 0000:01:00.0');
    expect(text).toContain('configuration space ends at byte 64');
  });

  it('adds several folders up', async () => {
    putSnapshot('one/x', 'intel-switch-without-acs');
    putSnapshot('two/y', 'without-root');
    const { last } = await run(join(folder, 'one'), join(folder, 'two'));
    expect(last).toBe('1 passed, 1 failed');
  });

  it('excuses what is listed with a proof, and says so', async () => {
    putSnapshot('good', 'intel-switch-without-acs');
    putSnapshot('bad', 'without-root');
    put('corpus-exceptions.json', { bad: 'captured without root: 64 bytes of each configuration space' });
    const { code, text, last } = await run();
    expect(code).toBe(0);
    expect(last).toBe('1 passed, 0 failed');
    expect(text).toContain('bad does not count: captured without root');
  });

  it('says when an excuse is not needed any more', async () => {
    putSnapshot('good', 'intel-switch-without-acs');
    put('corpus-exceptions.json', { good: 'nothing' });
    expect((await run()).text).toContain('good is listed as defective and is right');
  });

  it('that is empty is an error', async () => {
    expect((await run()).code).toBe(2);
    expect((await run('')).code).toBe(2);
  });
});

describe('texts of lspci', () => {
  it('are held to the groups beside them, whatever their numbers', async () => {
    put('full/m/lspci.txt', TEXT);
    put('full/m/groups.json', TOGETHER);
    put('full/m/meta.json', { level: 'full' });
    const { code, last } = await run();
    expect([code, last]).toEqual([0, '1 passed, 0 failed']);
  });

  it('take the groups from the list where the text has none', async () => {
    put('m/lspci.txt', TEXT.replaceAll('\tIOMMU group: 0\n', ''));
    put('m/groups.json', APART);
    put('m/meta.json', { level: 'full' });
    const { code, text } = await run();
    expect(code).toBe(1);
    expect(text).toContain('5: 0000:00:02.0 | 6: 0000:00:02.1');
  });

  it('tell where the text and the list contradict each other', async () => {
    put('m/lspci.txt', TEXT);
    put('m/groups.json', { '0000:00:02.0': 0, '0000:00:02.1': 1 });
    put('m/meta.json', { level: 'full' });
    expect((await run()).text).toContain('differ about 0000:00:02.1');
  });

  it('of which only a part is there are told and do not count', async () => {
    put('v/m/lspci.txt', TEXT.replaceAll('\tIOMMU group: 0\n', ''));
    put('v/m/groups.json', APART);
    put('v/m/meta.json', { level: 'v' });
    putSnapshot('good', 'intel-switch-without-acs');
    const { code, text, last } = await run();
    expect([code, last]).toEqual([0, '1 passed, 0 failed']);
    expect(text).toMatch(/not counted: v +0 of 1/);
  });

  it('that are none are failures, not crashes', async () => {
    put('m/lspci.txt', 'nothing of that kind');
    const { code, text, last } = await run();
    expect([code, last]).toEqual([1, '0 passed, 1 failed']);
    expect(text).toContain('m: cannot be read');
  });
});

describe('machines in a folder', () => {
  it('are found in every layout, in order', () => {
    putSnapshot('b', 'no-iommu-q35');
    put('a/lspci.txt', TEXT);
    put('c/sys/bus/pci/devices/.keep', '');
    put('d.tar.gz', '');
    put('e/notes.txt', '');
    expect(findMachines(folder).map((m) => [m.name, m.kind])).toEqual([
      ['a', 'lspci'],
      ['b', 'snapshot'],
      ['c', 'snapshot'],
      ['d.tar.gz', 'snapshot'],
    ]);
  });
});
