import { describe, expect, it } from 'vitest';
import { withChecksum } from '../encode/acpi-table.ts';
import { ascii, patched, u8, u16, u64 } from '../encode/bytes.ts';
import {
  buildIvrs,
  ivhd,
  ivhdAcpi,
  ivhdAlias,
  ivhdAliasRangeStart,
  ivhdAll,
  ivhdExtended,
  ivhdExtendedRangeStart,
  ivhdPad,
  ivhdPad8,
  ivhdRangeEnd,
  ivhdRangeStart,
  ivhdSelect,
  ivhdSpecial,
  ivmd,
} from '../encode/ivrs.ts';
import { sampleIvrs } from '../testing/sample-ivrs.ts';
import { decodeIvrs } from './decode-ivrs.ts';
import type { DecodedTable } from './decoded-table.ts';
import type { IvhdEntry, IvrsTable } from './ivrs.ts';

const decode = (bytes: Uint8Array): DecodedTable<IvrsTable> => decodeIvrs(bytes, 'IVRS');
const table = (...blocks: readonly Uint8Array[]): IvrsTable => {
  const { table, diagnostics } = decode(buildIvrs(...blocks));
  expect(diagnostics).toEqual([]);
  return table as IvrsTable;
};

describe('blocks', () => {
  it('an IOMMU of each type', () => {
    const t = table(
      ivhd({ type: 0x10, flags: 0xb0, deviceId: 0x0002, mmioBase: 0xfeb8_0000n }, ivhdAll()),
      ivhd({ type: 0x11, deviceId: 0x4002, segment: 1 }, ivhdAll()),
      ivhd({ type: 0x40 }, ivhdAll()),
    );
    expect(t.info).toBe(0x2800);
    expect(t.ivhds[0]).toEqual({
      kind: 'ivhd',
      offset: 48,
      type: 0x10,
      flags: 0xb0,
      deviceId: 0x0002,
      mmioBase: 0xfeb8_0000n,
      segment: 0,
      entries: [{ kind: 'all', offset: 72, flags: 0 }],
    });
    // Types 0x11 and 0x40 have 16 more bytes before the entries.
    expect(t.ivhds.slice(1)).toMatchObject([
      { type: 0x11, deviceId: 0x4002, segment: 1, entries: [{ kind: 'all', offset: 76 + 40 }] },
      { type: 0x40, entries: [{ kind: 'all', offset: 120 + 40 }] },
    ]);
  });

  it('memory for all devices, for one, for a range', () => {
    const t = table(
      ivhd({}),
      ivmd(0x20, 0x08, 0x1234, 0, 0n, 0x1000n),
      ivmd(0x21, 0x07, 0x0100, 0, 0x7000_0000n, 0x2000n),
      ivmd(0x22, 0x01, 0x0100, 0x01ff, 1n, 2n),
    );
    expect(t.ivmds).toMatchObject([
      { first: 0, last: 0xffff, unityMap: false, exclusionRange: true },
      { first: 0x0100, last: 0x0100, unityMap: true, exclusionRange: false, start: 0x7000_0000n, length: 0x2000n },
      { first: 0x0100, last: 0x01ff, unityMap: true, start: 1n, length: 2n },
    ]);
  });
});

describe('the selected type', () => {
  it.each([
    [
      'the last type that names the first IOMMU',
      [ivhd({ type: 0x10 }), ivhd({ type: 0x11 }), ivhd({ type: 0x40 })],
      0x40,
    ],
    ['not the highest type', [ivhd({ type: 0x11 }), ivhd({ type: 0x10 })], 0x10],
    ['not the type of another IOMMU', [ivhd({ type: 0x10 }), ivhd({ type: 0x11, deviceId: 0x4002 })], 0x10],
    ['mistaken for a memory block of the same id', [ivhd({ type: 0x10 }), ivmd(0x21, 1, 0x0002, 0, 0n, 0n)], 0x21],
  ])('is %s', (_, blocks, selected) => {
    expect(table(...blocks).selectedType).toBe(selected);
  });

  it('is looked for up to a block of a type above 0x40', () => {
    const blocks = [ivhd({ type: 0x10 }), patched(ivhd({ type: 0x40 }), 0, u8(0x41)), ivhd({ type: 0x11 })];
    expect(decode(buildIvrs(...blocks)).table?.selectedType).toBe(0x10);
  });

  it('is 0 without blocks', () => {
    expect(table().selectedType).toBe(0);
  });
});

describe('device entries', () => {
  const of = (...entries: readonly Uint8Array[]): readonly IvhdEntry[] =>
    table(ivhd({ type: 0x40 }, ...entries)).ivhds[0]?.entries as readonly IvhdEntry[];
  const range = { kind: 'range', flags: 0, extendedFlags: 0, alias: undefined };

  it('single devices', () => {
    expect(
      of(ivhdPad(), ivhdSelect(0x00a0, 0xd7), ivhdPad8(), ivhdAlias(0x0508, 0x0400), ivhdExtended(0x0600, 0x8000_0000)),
    ).toEqual([
      { ...range, offset: 92, first: 0x00a0, last: 0x00a0, flags: 0xd7 },
      { ...range, offset: 104, first: 0x0508, last: 0x0508, alias: 0x0400 },
      { ...range, offset: 112, first: 0x0600, last: 0x0600, extendedFlags: 0x8000_0000 },
    ]);
  });

  it('ranges, from their start entry to their end entry', () => {
    expect(
      of(
        ivhdRangeStart(0x0008, 0x40),
        ivhdRangeEnd(0xfffe),
        ivhdAliasRangeStart(0x0500, 0x0400),
        ivhdRangeEnd(0x05ff),
        ivhdExtendedRangeStart(0x0600, 1),
        ivhdRangeEnd(0x06ff),
      ),
    ).toEqual([
      { ...range, offset: 88, first: 0x0008, last: 0xfffe, flags: 0x40 },
      { ...range, offset: 96, first: 0x0500, last: 0x05ff, alias: 0x0400 },
      { ...range, offset: 108, first: 0x0600, last: 0x06ff, extendedFlags: 1 },
    ]);
  });

  it('IOAPICs, HPETs and others', () => {
    expect(of(ivhdSpecial(1, 33, 0x00a0, 0xd7), ivhdSpecial(2, 0, 0x00a0), ivhdSpecial(3, 0, 0x00a1))).toEqual([
      { kind: 'special', offset: 88, variety: 'ioapic', handle: 33, deviceId: 0x00a0, flags: 0xd7 },
      { kind: 'special', offset: 96, variety: 'hpet', handle: 0, deviceId: 0x00a0, flags: 0 },
      { kind: 'special', offset: 104, variety: 'other', handle: 0, deviceId: 0x00a1, flags: 0 },
    ]);
  });

  it('ACPI devices: with a text, with the first byte of a number, without unique id', () => {
    expect(
      of(
        ivhdAcpi(0x00a5, 'AMDI0020', 2, ascii('ID00')),
        ivhdAcpi(0x00a6, 'AMDI0095', 1, u64(0x1203)),
        ivhdAcpi(0x00a7, 'INT34', 0, new Uint8Array(0)),
      ),
    ).toEqual([
      { kind: 'acpi', offset: 88, deviceId: 0x00a5, flags: 0, hid: 'AMDI0020', cid: '', uid: 'ID00' },
      { kind: 'acpi', offset: 114, deviceId: 0x00a6, flags: 0, hid: 'AMDI0095', cid: '', uid: 3 },
      { kind: 'acpi', offset: 144, deviceId: 0x00a7, flags: 0, hid: 'INT34', cid: '', uid: undefined },
    ]);
  });

  const broken = (type: number, ...entries: readonly Uint8Array[]) => {
    const { table, diagnostics } = decode(buildIvrs(ivhd({ type }, ...entries), ivhd({ deviceId: 0x4002 }, ivhdAll())));
    // Whatever is wrong in one block, the next is read.
    expect(table?.ivhds[1]?.entries).toMatchObject([{ kind: 'all' }]);
    return { entries: table?.ivhds[0]?.entries, told: diagnostics.map((d) => [d.severity, d.offset]) };
  };

  it('a range end without a start goes on from the last start, as in Linux', () => {
    expect(
      broken(0x11, ivhdRangeEnd(5), ivhdRangeStart(0x100), ivhdRangeEnd(0x1ff), ivhdRangeEnd(0x2ff)),
    ).toMatchObject({
      entries: [
        { first: 0, last: 5 },
        { first: 0x100, last: 0x1ff, offset: 92 },
        { first: 0x100, last: 0x2ff, offset: 100 },
      ],
      told: [
        ['warning', 88],
        ['warning', 100],
      ],
    });
  });

  it('a range start without an end covers nothing', () => {
    expect(broken(0x10, ivhdRangeStart(8), ivhdRangeStart(16), ivhdSelect(1))).toMatchObject({
      entries: [{ first: 1, last: 1 }],
      told: [
        ['warning', 72],
        ['warning', 76],
      ],
    });
  });

  it('a range that ends before it starts covers nothing', () => {
    expect(broken(0x10, ivhdRangeStart(9), ivhdRangeEnd(8))).toMatchObject({
      entries: [{ first: 9, last: 8 }],
      told: [['warning', 76]],
    });
  });

  it.each([
    ['has no known length', u8(0x81)],
    ['passes the end of its block', u16(0x42)],
    ['is an ACPI device cut in its fixed part', ivhdAcpi(1, 'A', 0, new Uint8Array(0)).subarray(0, 21)],
    ['is an ACPI device cut in its id', ivhdAcpi(1, 'A', 2, ascii('ABC')).subarray(0, 24)],
  ])('an entry that %s ends the block', (_, entry) => {
    expect(broken(0x40, ivhdSelect(1), entry)).toMatchObject({ entries: [{ first: 1 }], told: [['error', 92]] });
  });

  it('unknown types below 0x80 are passed over', () => {
    expect(broken(0x10, patched(ivhdPad8(), 0, u8(0x7f)), ivhdSelect(1))).toMatchObject({
      entries: [{ first: 1 }],
      told: [['warning', 72]],
    });
  });

  it('ACPI devices count only in blocks of type 0x40, and with a hardware id', () => {
    expect(broken(0x11, ivhdAcpi(1, 'AMDI0020', 0, new Uint8Array(0)))).toMatchObject({
      entries: [],
      told: [['warning', 88]],
    });
    expect(broken(0x40, ivhdAcpi(1, '', 0, new Uint8Array(0)))).toMatchObject({ entries: [], told: [['warning', 88]] });
  });
});

describe('broken tables', () => {
  const block = ivhd({}, ivhdAll());

  it('Linux refuses a wrong checksum', () => {
    const { table, diagnostics } = decode(patched(buildIvrs(block), 40, u8(1)));
    expect(table).toMatchObject({ usable: false, ivhds: [{ deviceId: 2 }] });
    expect(diagnostics.map((d) => d.severity)).toEqual(['warning', 'error']);
  });

  it.each([
    ['a block of length 0', new Uint8Array(4), 'error'],
    ['a block that passes the end', patched(block, 2, u16(200)), 'error'],
    ['a block of unknown type', patched(block, 0, u8(0x50)), 'warning'],
    ['an IOMMU shorter than its fixed part', Uint8Array.of(0x10, 0, 8, 0, 2, 0, 0, 0), 'error'],
    ['memory shorter than its fixed part', Uint8Array.of(0x20, 0, 8, 0, 2, 0, 0, 0), 'error'],
  ])('%s', (_, bad, severity) => {
    const { table, diagnostics } = decode(buildIvrs(block, bad));
    expect(table).toMatchObject({ usable: true, ivhds: [{ offset: 48 }], ivmds: [] });
    expect(diagnostics).toMatchObject([{ file: 'IVRS', severity, offset: 76 }]);
  });

  it('another table', () => {
    expect(decode(withChecksum(patched(buildIvrs(block), 0, ascii('DMAR')))).table).toBeUndefined();
  });
});

it('the samples are sound', () => {
  for (const bytes of sampleIvrs()) expect(decode(bytes)).toMatchObject({ table: { usable: true }, diagnostics: [] });
});
