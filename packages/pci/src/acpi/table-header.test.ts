import { describe, expect, it } from 'vitest';
import { diagnosticLog } from '../bytes/diagnostic-log.ts';
import { buildAcpiTable, withChecksum } from '../encode/acpi-table.ts';
import { ascii, concat, patched, u8, u32, zeros } from '../encode/bytes.ts';
import { formatDiagnostic } from '../facts/diagnostic.ts';
import { type AcpiTable, openTable } from './table-header.ts';

const open = (bytes: Uint8Array): { table: AcpiTable | undefined; told: string[] } => {
  const log = diagnosticLog('DMAR');
  const table = openTable(bytes, 'DMAR', 48, log);
  return { table, told: log.list().map(formatDiagnostic) };
};
const good = buildAcpiTable('DMAR', zeros(20));

describe('openTable', () => {
  it('opens a sound table', () => {
    const { table, told } = open(good);
    expect(told).toEqual([]);
    expect(table).toMatchObject({ complete: true, checksumGood: true });
    expect(table?.bytes).toHaveLength(56);
  });

  it('tells of a wrong checksum and opens the table nevertheless', () => {
    const { table, told } = open(patched(good, 50, u8(3)));
    expect(table?.checksumGood).toBe(false);
    expect(told).toEqual(['warning: DMAR at 0x9: wrong checksum: the bytes add up to 0x3, not to 0']);
  });

  it('leaves alone what follows the table', () => {
    const { table, told } = open(concat(good, ascii('more')));
    expect(table).toMatchObject({ complete: true, checksumGood: true });
    expect(table?.bytes).toHaveLength(56);
    expect(told).toEqual(['warning: DMAR at 0x38: 4 bytes follow the end of the table; they are not used']);
  });

  it('opens what there is of a cut table, and does not judge its checksum', () => {
    const { table, told } = open(good.subarray(0, 50));
    expect(table).toMatchObject({ complete: false, checksumGood: true });
    expect(told).toEqual([
      'error: DMAR at 0x4: the file ends at byte 50, the table has 56; what is missing is not used',
    ]);
  });

  it.each([
    ['too short a file', good.subarray(0, 47), '47 bytes are too few'],
    ['no bytes', zeros(0), '0 bytes are too few'],
    ['another signature', buildAcpiTable('APIC', zeros(20)), 'the signature is "APIC", not "DMAR"'],
    ['a length below the fixed part', withChecksum(patched(good, 4, u32(47))), 'states a length of 47'],
  ])('opens nothing with %s', (_, bytes, message) => {
    const { table, told } = open(bytes);
    expect(table).toBeUndefined();
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(message);
  });
});
