import { describe, expect, it } from 'vitest';
import { withChecksum } from '../encode/acpi-table.ts';
import { patched, u16, u64 } from '../encode/bytes.ts';
import { andd, atsr, buildDmar, deviceScope, drhd, rhsa, rmrr, satc, unknownDmarStructure } from '../encode/dmar.ts';
import { sampleDmars } from '../testing/sample-dmar.ts';
import { decodeDmar } from './decode-dmar.ts';
import type { DecodedTable } from './decoded-table.ts';
import type { DmarTable } from './dmar.ts';

const decode = (bytes: Uint8Array): DecodedTable<DmarTable> => decodeDmar(bytes, 'DMAR');
const table = (...structures: readonly Uint8Array[]): DmarTable => {
  const { table, diagnostics } = decode(buildDmar({ structures }));
  expect(diagnostics).toEqual([]);
  return table as DmarTable;
};
const all = drhd(0xfed91000, { includeAll: true });

describe('a sound table', () => {
  it('header', () => {
    const of = (flags: number): unknown[] => {
      const t = decode(buildDmar({ width: 38, flags, structures: [all] })).table as DmarTable;
      return [t.addressWidth, t.interruptRemapping, t.x2apicOptOut, t.platformOptIn, t.usable];
    };
    expect(of(0)).toEqual([39, false, false, false, true]);
    expect(of(1)).toEqual([39, true, false, false, true]);
    expect(of(2)).toEqual([39, false, true, false, true]);
    expect(of(4)).toEqual([39, false, false, true, true]);
  });

  it('remapping units with their scopes', () => {
    const scoped = drhd(0xfed9_0000, {
      segment: 3,
      scopes: [
        deviceScope(2, 0x40, [
          [0x1c, 4],
          [0, 1],
        ]),
        deviceScope(3, 0xf0, [[0x1f, 0]], 9),
      ],
    });
    expect(table(scoped, all).drhds).toEqual([
      {
        kind: 'drhd',
        offset: 48,
        includeAll: false,
        segment: 3,
        registerBase: 0xfed9_0000n,
        scopes: [
          {
            type: 2,
            enumerationId: 0,
            startBus: 0x40,
            path: [
              { device: 0x1c, function: 4 },
              { device: 0, function: 1 },
            ],
            offset: 64,
          },
          { type: 3, enumerationId: 9, startBus: 0xf0, path: [{ device: 0x1f, function: 0 }], offset: 74 },
        ],
      },
      { kind: 'drhd', offset: 82, includeAll: true, segment: 0, registerBase: 0xfed9_1000n, scopes: [] },
    ]);
  });

  it('everything else', () => {
    const scope = deviceScope(1, 0, [[2, 0]]);
    const t = table(
      all,
      rmrr(0x8b00_0000n, 0x8f7f_ffffn, scope),
      atsr(true, 1),
      atsr(false, 2, scope),
      rhsa(0xfed91000, 3),
      andd(7, '\\_SB.I2C0\0'),
      satc(true, 4, scope),
    );
    expect(t.rmrrs).toMatchObject([{ base: 0x8b00_0000n, limit: 0x8f7f_ffffn, segment: 0, scopes: [{ type: 1 }] }]);
    expect(t.atsrs).toMatchObject([
      { allPorts: true, segment: 1, scopes: [] },
      { allPorts: false, segment: 2, scopes: [{ path: [{ device: 2, function: 0 }] }] },
    ]);
    expect(t.rhsas).toMatchObject([{ registerBase: 0xfed9_1000n, proximityDomain: 3 }]);
    expect(t.andds).toMatchObject([{ deviceNumber: 7, objectPath: '\\_SB.I2C0' }]);
    expect(t.satcs).toMatchObject([{ atcRequired: true, segment: 4, scopes: [{ type: 1 }] }]);
  });

  it('passes over SIDP (type 6) and, with a warning, over types of the future', () => {
    expect(table(unknownDmarStructure(6), all).drhds).toHaveLength(1);
    const { table: t, diagnostics } = decode(buildDmar({ structures: [unknownDmarStructure(7), all] }));
    expect(t).toMatchObject({ usable: true, drhds: [{ offset: 64 }] });
    expect(diagnostics).toMatchObject([{ severity: 'warning', offset: 48 }]);
  });
});

describe('tables that Linux refuses', () => {
  it.each([
    ['an address width below 12', buildDmar({ width: 10, structures: [all] }), 36],
    ['no remapping unit', buildDmar({ structures: [rhsa(1, 1)] }), 48],
    ['a unit at address 0', buildDmar({ structures: [all, drhd(0)] }), 64],
    ['a structure that passes the end', withChecksum(patched(buildDmar({ structures: [all] }), 50, u16(17))), 48],
    ['half a structure header at the end', buildDmar({ structures: [all, Uint8Array.of(1, 0)] }), 64],
    ['an object name without an end', buildDmar({ structures: [all, andd(1, '\\_SB')] }), 64],
    ['an object name of no bytes', buildDmar({ structures: [all, andd(1, '')] }), 64],
  ])('%s', (_, bytes, offset) => {
    const { table: t, diagnostics } = decode(bytes);
    expect(t?.usable).toBe(false);
    expect(diagnostics.find((d) => d.offset === offset)).toMatchObject({ file: 'DMAR', severity: 'error' });
  });
});

describe('defects that Linux lives with', () => {
  it('stops at a structure of length 0 and keeps what came before', () => {
    const { table: t, diagnostics } = decode(buildDmar({ structures: [all, new Uint8Array(4), all] }));
    expect(t).toMatchObject({ usable: true, drhds: [{ offset: 48 }] });
    expect(diagnostics).toMatchObject([{ severity: 'error', offset: 64 }]);
  });

  it('ignores a second unit at the same address of the same segment', () => {
    const { table: t, diagnostics } = decode(
      buildDmar({ structures: [all, drhd(0xfed91000), drhd(0xfed91000, { segment: 1 })] }),
    );
    expect(t?.drhds.map((d) => [d.offset, d.segment])).toEqual([
      [48, 0],
      [80, 1],
    ]);
    expect(diagnostics).toMatchObject([{ severity: 'warning', offset: 64 }]);
  });

  it('uses an RMRR that is not made of pages', () => {
    for (const [base, limit] of [
      [0x1001n, 0x1fffn],
      [0x1000n, 0x2000n],
      [0x2000n, 0x1fffn],
    ] as const) {
      const { table: t, diagnostics } = decode(buildDmar({ structures: [all, rmrr(base, limit)] }));
      expect(t).toMatchObject({ usable: true, rmrrs: [{ base, limit }] });
      expect(diagnostics).toMatchObject([{ severity: 'warning', offset: 64 }]);
    }
  });

  it('does not mind a wrong checksum', () => {
    const { table: t, diagnostics } = decode(patched(buildDmar({ structures: [all] }), 56, u64(0xfed92000)));
    expect(t).toMatchObject({ usable: true, drhds: [{ registerBase: 0xfed92000n }] });
    expect(diagnostics).toMatchObject([{ severity: 'warning', offset: 9 }]);
  });

  it.each([
    ['a structure shorter than its fixed part', Uint8Array.of(1, 0, 8, 0, 0, 0, 0, 0), 64],
    ['a scope of length 0', drhd(1, { scopes: [new Uint8Array(8)] }), 80],
    ['a scope that passes the end of its structure', drhd(1, { scopes: [Uint8Array.of(1, 9, 0, 0, 0, 0, 2, 0)] }), 80],
    ['a scope of unknown type', drhd(1, { scopes: [deviceScope(6, 0, [[2, 0]])] }), 80],
  ])('%s', (_, structure, offset) => {
    const { table: t, diagnostics } = decode(buildDmar({ structures: [all, structure, rhsa(0xfed91000, 1)] }));
    expect(t).toMatchObject({ usable: true, rhsas: [{ proximityDomain: 1 }], rmrrs: [] });
    expect(diagnostics).toMatchObject([{ file: 'DMAR', offset }]);
  });

  it('keeps the sound scopes before a broken one', () => {
    const scopes = [deviceScope(1, 0, [[2, 0]]), new Uint8Array(6)];
    expect(decode(buildDmar({ structures: [drhd(1, { scopes })] })).table?.drhds[0]?.scopes).toHaveLength(1);
  });
});

it('a cut file is not a table that Linux refuses', () => {
  const whole = buildDmar({ structures: [all, rmrr(0x1000n, 0x1fffn)] });
  const { table: t, diagnostics } = decode(whole.subarray(0, 70));
  expect(t).toMatchObject({ usable: true, drhds: [{ offset: 48 }], rmrrs: [] });
  expect(diagnostics.map((d) => [d.severity, d.offset])).toEqual([
    ['error', 4],
    ['error', 64],
  ]);
});

it('the samples are sound', () => {
  for (const bytes of sampleDmars()) expect(decode(bytes)).toMatchObject({ table: { usable: true }, diagnostics: [] });
});
