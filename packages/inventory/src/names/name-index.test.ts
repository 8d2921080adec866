import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeNames } from './encode-names.ts';
import { formerNames } from './former-names.ts';
import { layerNames } from './layered-names.ts';
import { nameIndex } from './name-index.ts';
import { parsePciIds } from './pci-ids.ts';
import { VERSION_AT } from './prepared-format.ts';
import { memoryBytes, preparedNames } from './prepared-names.ts';
import { SAMPLE_IDS } from './testing/sample-ids.ts';
import { textNames } from './text-names.ts';

const encoded = (text: string, former = ''): Uint8Array =>
  encodeNames(parsePciIds(text, 'pci.ids'), parsePciIds(former, 'former').vendors);

const SOURCES = [
  { name: 'text of pci.ids', open: (text: string, former = '') => textNames(text, former) },
  {
    name: 'prepared index',
    open: (text: string, former = '') => {
      const source = preparedNames(memoryBytes(encoded(text, former)));
      if (source === undefined) throw new Error('not accepted');
      return source;
    },
  },
];

describe.each(SOURCES)('names from $name', ({ open }) => {
  const names = nameIndex(open(SAMPLE_IDS));

  it('knows its date', () => {
    expect(names.date).toBe('2031-02-03');
  });

  it('finds vendors', () => {
    expect(names.vendor(0x10a0)).toBe('Alder Works');
    expect(names.vendor(0x20b1)).toBe('Birch Labs, Inc. [Networks]');
    expect(names.vendor(0xffff)).toBe('Illegal Vendor ID');
    expect(names.vendor(0x10a1)).toBeUndefined();
    expect(names.vendor(0)).toBeUndefined();
  });

  it('finds devices of their own vendor only', () => {
    expect(names.device(0x10a0, 2)).toBe('Bridge [Fast]');
    expect(names.device(0x20b1, 0x100)).toBe('Ethernet Controller');
    expect(names.device(0x20b0, 0x100)).toBeUndefined();
    expect(names.device(0xffff, 1)).toBeUndefined();
    expect(names.device(0x9999, 1)).toBeUndefined();
  });

  it('finds boards', () => {
    expect(names.subsystem(0x10a0, 2, 0x10a0, 0x101)).toBe('Board Two');
    expect(names.subsystem(0x10a0, 2, 0x20b0, 0x100)).toBe('Other Board²');
    expect(names.subsystem(0x10a0, 1, 0x10a0, 0x101)).toBeUndefined();
    expect(names.subsystem(0x10a0, 3, 0x10a0, 0x101)).toBeUndefined();
  });

  it('finds classes, the base class where the sub class has no name', () => {
    expect(names.className(0x060400)).toBe('PCI bridge');
    expect(names.className(0x06ff00)).toBe('Bridge');
    expect(names.className(0x130000)).toBe('Odd things');
    expect(names.className(0x550000)).toBeUndefined();
    expect(names.interfaceName(0x060401)).toBe('Subtractive decode');
    expect(names.interfaceName(0x0c0320)).toBeUndefined();
  });

  it('finds ids by name, in any spacing and case', () => {
    expect(names.vendorIds('ALDER  works')).toEqual([0x10a0]);
    expect(names.vendorIds('Birch')).toEqual([]);
    expect(names.deviceIds(0x10a0, 'Timer')).toEqual([1, 3]);
    expect(names.deviceIds(0x10a0, 'Bri dge [Fast]')).toEqual([2]);
    expect(names.deviceIds(0x20b0, 'Timer')).toEqual([]);
    expect(names.subsystemIds(0x10a0, 2, 0x10a0, 'Board One')).toEqual([0x100]);
    expect(names.subsystemIds(0x10a0, 2, 0x20b0, 'Board One')).toEqual([]);
    expect(names.classNumbers('usb controller')).toEqual([0x0c03]);
    expect(names.classNumbers('Bridge')).toEqual([]);
  });

  it('finds ids by the names of older lists too, and those by no other name', () => {
    const former = formerNames(parsePciIds(SAMPLE_IDS, 'new').vendors, [
      parsePciIds(
        '10a0  Alder\n\t0001  Timer\n\t0002  Timer\n\t0009  Gone\n20b1  Birch Labs, Inc. [Networks]\n\t0100  Old NIC\n',
        'old',
      ).vendors,
    ]);
    const index = nameIndex(open(SAMPLE_IDS, former));
    expect(index.vendorIds('Alder')).toEqual([0x10a0]);
    expect(index.vendorIds('=')).toEqual([]);
    // 0002 had the name that 0001 and 0003 have now.
    expect(index.deviceIds(0x10a0, 'Timer')).toEqual([1, 2, 3]);
    expect(index.deviceIds(0x10a0, 'Gone')).toEqual([9]);
    expect(index.deviceIds(0x20b1, 'Old NIC')).toEqual([0x100]);
    expect(index.device(0x10a0, 2)).toBe('Bridge [Fast]');
    expect(index.device(0x10a0, 9)).toBeUndefined();
  });

  it('works on an empty list', () => {
    const empty = nameIndex(open(''));
    expect(empty.date).toBe('');
    expect(empty.vendor(1)).toBeUndefined();
    expect(empty.className(0x060400)).toBeUndefined();
    expect(empty.vendorIds('x')).toEqual([]);
  });

  it('finds the first and the last vendor of a list without comments and classes', () => {
    const list = nameIndex(open('0001  One\r\n\t0002  Two\r\nfffe  Last'));
    expect(list.vendor(1)).toBe('One');
    expect(list.device(1, 2)).toBe('Two');
    expect(list.vendor(0xfffe)).toBe('Last');
  });
});

describe('the text of pci.ids', () => {
  it('is told line by line where it makes no sense, and the rest is used', () => {
    const ids = parsePciIds(
      '10a0  A\n\tzz  bad\n\t0001  Good\n\t\t10a0  short\nrubbish\n\t0009  lost\n20b0  B\n',
      'list',
    );
    expect(ids.vendors).toEqual([
      { id: 0x10a0, name: 'A', below: [{ id: 1, name: 'Good', below: [] }] },
      { id: 0x20b0, name: 'B', below: [] },
    ]);
    expect(ids.diagnostics.map((d) => d.file)).toEqual(['list, line 2', 'list, line 4', 'list, line 5']);
  });

  it('never throws and tells a bounded number of findings', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\t', '\n', '0001  a', 'C 06  b', '0', ' ', '\tzz')), (parts) => {
        expect(parsePciIds(parts.join(''), 'list').diagnostics.length).toBeLessThanOrEqual(20);
      }),
    );
  });
});

describe('the prepared index', () => {
  it('sorts what the list has out of order and keeps the first of two', () => {
    const source = preparedNames(memoryBytes(encoded('0009  Nine\n0001  One\n\t0005  E\n\t0002  B\n0009  Again\n')));
    expect(source?.vendors().map((v) => v.name)).toEqual(['One', 'Nine']);
    expect(source?.device(1, 2)).toBe('B');
    expect(source?.device(9, 5)).toBeUndefined();
  });

  it('refuses what is not one', () => {
    const good = encoded(SAMPLE_IDS);
    const otherVersion = good.slice();
    otherVersion[VERSION_AT] = 99;
    expect(preparedNames(memoryBytes(otherVersion))).toBeUndefined();
    expect(preparedNames(memoryBytes(new Uint8Array()))).toBeUndefined();
    expect(preparedNames(memoryBytes(good.subarray(0, 100)))).toBeUndefined();
  });

  it('reads a long name, and a name at the end of the file', () => {
    const long = 'x'.repeat(300);
    expect(preparedNames(memoryBytes(encoded(`0001  ${long}\n`)))?.vendor(1)).toBe(long);
  });

  it('never throws on damaged bytes', () => {
    const good = encoded(SAMPLE_IDS);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(good.length),
        (changes, length) => {
          const bytes = good.slice();
          for (const [at, value] of changes) bytes[at] = value;
          for (const source of [bytes, bytes.subarray(0, length)].map((b) => preparedNames(memoryBytes(b)))) {
            if (source === undefined) continue;
            const names = nameIndex(source);
            names.vendor(0x10a0);
            names.subsystem(0x10a0, 2, 0x10a0, 0x100);
            names.vendorIds('Alder Works');
            names.deviceIds(0x10a0, 'Timer');
            names.classNumbers('PCI bridge');
            names.className(0x060400);
          }
        },
      ),
    );
  });
});

describe('the names of older lists', () => {
  const current = parsePciIds(SAMPLE_IDS, 'new').vendors;

  it('are listed once, without those that are the same but for spaces and case', () => {
    const old = parsePciIds('10a0  ALDER  WORKS\n\t0001  Clock\n\t0003  timer\n', 'old').vendors;
    expect(formerNames(current, [old, old])).toBe('10a0  =\n\t0001  Clock\n');
  });

  it('carry over into the next list of them', () => {
    const first = formerNames(current, [
      parsePciIds('10a0  Alder\n\t0001  Clock\n20b0  =\n\t0001  X\n', 'old').vendors,
    ]);
    expect(formerNames(current, [parsePciIds(first, 'former').vendors])).toBe(first);
  });
});

describe('two indexes as one', () => {
  it('asks the second only for what the first lacks, and makes it once', () => {
    let made = 0;
    const both = layerNames(nameIndex(textNames('10a0  Old name\n\t0001  Timer\n')), () => {
      made++;
      return nameIndex(textNames(SAMPLE_IDS));
    });
    expect(both.vendor(0x10a0)).toBe('Old name');
    expect(both.device(0x10a0, 1)).toBe('Timer');
    expect(made).toBe(0);
    expect(both.device(0x10a0, 2)).toBe('Bridge [Fast]');
    expect(both.vendor(0x20b0)).toBe('Birch Labs, Inc.');
    expect(both.vendorIds('Old name')).toEqual([0x10a0]);
    expect(both.deviceIds(0x20b1, 'Ethernet Controller')).toEqual([0x100]);
    expect(made).toBe(1);
  });

  it('does without a second', () => {
    const alone = layerNames(nameIndex(textNames('')), () => undefined);
    expect(alone.vendor(1)).toBeUndefined();
    expect(alone.vendorIds('x')).toEqual([]);
  });
});
