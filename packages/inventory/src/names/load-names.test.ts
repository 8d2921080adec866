import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeNames } from './encode-names.ts';
import { loadNames, shippedNameFiles } from './load-names.ts';
import { parsePciIds } from './pci-ids.ts';
import { SAMPLE_IDS } from './testing/sample-ids.ts';

const directory = mkdtempSync(join(tmpdir(), 'isogroups-names-'));
afterAll(() => rmSync(directory, { recursive: true }));

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};
const prepared = put('prepared.bin', encodeNames(parsePciIds(SAMPLE_IDS, 'sample')));
const missing = join(directory, 'missing');
const dated = (name: string, date: string): string =>
  put(name, `#\n#\tDate:    ${date} 03:15:01\n#\n10a0  Renamed\n\t0009  New device of ${date}\n`);

describe('names on disk', () => {
  it('takes the first prepared index that can be used', () => {
    const names = loadNames({ prepared: [missing, put('junk.bin', 'junk'), prepared], texts: [] });
    expect(names?.device(0x10a0, 2)).toBe('Bridge [Fast]');
    expect(names?.device(0x10a0, 9)).toBeUndefined();
  });

  it('asks a newer text for what the index lacks, and for nothing else', () => {
    const names = loadNames({ prepared: [prepared], texts: [dated('newer', '2032-01-01')] });
    expect(names?.device(0x10a0, 9)).toBe('New device of 2032-01-01');
    expect(names?.vendor(0x10a0)).toBe('Alder Works');
  });

  it('does not ask an older text, and asks the newest of several', () => {
    const older = dated('older', '2031-02-03');
    expect(loadNames({ prepared: [prepared], texts: [older] })?.device(0x10a0, 9)).toBeUndefined();
    const names = loadNames({
      prepared: [prepared],
      texts: [older, dated('a', '2032-01-01'), dated('b', '2033-01-01')],
    });
    expect(names?.device(0x10a0, 9)).toBe('New device of 2033-01-01');
  });

  it('makes do with a text alone, or with nothing', () => {
    expect(loadNames({ prepared: [missing], texts: [missing, put('ids', SAMPLE_IDS)] })?.vendor(0x20b0)).toBe(
      'Birch Labs, Inc.',
    );
    const former = put('former', '10a0  Former Name\n');
    expect(loadNames({ prepared: [], texts: [put('ids', SAMPLE_IDS)], former })?.vendorIds('Former Name')).toEqual([
      0x10a0,
    ]);
    expect(loadNames({ prepared: [missing, directory], texts: [missing, directory] })).toBeUndefined();
  });

  it('finds the list that is shipped', () => {
    const { texts, former } = shippedNameFiles();
    const names = loadNames({ prepared: [], texts: texts.slice(-1), ...(former === undefined ? {} : { former }) });
    expect(names?.deviceIds(0x10ec, 'RTL8111/8168/8411 PCI Express Gigabit Ethernet Controller')).toContain(0x8168);
    expect(names?.vendor(0x8086)).toBe('Intel Corporation');
    expect(names?.className(0x060400)).toBe('PCI bridge');
  });
});
