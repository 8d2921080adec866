import { describe, expect, it } from 'vitest';
import { acsBitsProvided } from './acs-handlers.ts';
import { ACS_OVERRIDE_ROW, ACS_QUIRKS, type AcsQuirkHandler } from './acs-quirks.ts';
import { isPchRootPort, isSunrisePointRootPort, PCH_ROOT_PORTS } from './intel-root-ports.ts';

const count = (handler: AcsQuirkHandler): number => ACS_QUIRKS.filter((row) => row.handler === handler).length;
const order = (vendor: number, device: number | 'any', handler: AcsQuirkHandler): number =>
  ACS_QUIRKS.findIndex((row) => row.vendor === vendor && row.device === device && row.handler === handler);

describe('the table of ACS quirks', () => {
  it('numbers its rows in order, the override last', () => {
    expect(ACS_QUIRKS.map((row) => row.order)).toEqual(ACS_QUIRKS.map((_, i) => i));
    expect(ACS_OVERRIDE_ROW.order).toBe(ACS_QUIRKS.length);
  });

  it('has as many rows for each handler as the kernel', () => {
    expect(Object.fromEntries(Object.keys(acsBitsProvided).map((h) => [h, count(h as AcsQuirkHandler)]))).toEqual({
      'amd-southbridge': 8,
      'multifunction-endpoint': 67,
      'rc-integrated-endpoint': 1,
      'qualcomm-root-port': 6,
      'intel-pch-root-port': 1,
      'intel-sunrise-point-root-port': 1,
      'cavium-root-port': 1,
      'xgene-root-port': 9,
      'broadcom-root-port': 1,
      'loongson-root-port': 10,
      'annapurna-root-port': 1,
      'nxp-root-port': 24,
      'zhaoxin-port': 1,
      'wangxun-nic': 1,
      'pcie-acs-override': 0,
    });
  });

  it('names no pair of ids twice, so that no row of a single device is unreachable', () => {
    const single = ACS_QUIRKS.filter((row) => row.device !== 'any').map((row) => `${row.vendor}:${row.device}`);
    expect(new Set(single).size).toBe(single.length);
  });

  it('tests 82598 before all Intel integrated endpoints, those before chipset ports', () => {
    const places = [
      order(0x8086, 0x10c6, 'multifunction-endpoint'),
      order(0x8086, 'any', 'rc-integrated-endpoint'),
      order(0x8086, 'any', 'intel-pch-root-port'),
      order(0x8086, 'any', 'intel-sunrise-point-root-port'),
      order(0x177d, 'any', 'cavium-root-port'),
      order(0x177d, 0xa026, 'multifunction-endpoint'),
      order(0x1d17, 0x9083, 'multifunction-endpoint'),
      order(0x1d17, 'any', 'zhaoxin-port'),
      order(0x8088, 'any', 'wangxun-nic'),
    ];
    expect(places).toEqual([11, 59, 66, 67, 70, 71, 105, 130, 131]);
  });

  it('restricts to some releases only the Loongson and the newer Qualcomm rows', () => {
    const partial = ACS_QUIRKS.filter((row) => row.presence !== 'all');
    expect(partial.map((row) => row.order)).toEqual([63, 64, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101]);
    expect(new Set(partial.map((row) => row.vendor))).toEqual(new Set([0x17cb, 0x0014]));
  });

  it('says of each row what it is about and where it stands', () => {
    for (const row of ACS_QUIRKS) {
      expect(row.what.length).toBeGreaterThan(5);
      expect(row.source).toMatch(/^drivers\/pci\/quirks\.c:pci_quirk_\w+_acs$/);
    }
  });
});

describe('Intel chipset root ports', () => {
  it('are 119, and each family ends where it should', () => {
    expect(PCH_ROOT_PORTS.flatMap((family) => family.devices)).toHaveLength(119);
    for (const id of [0x3b42, 0x3b51, 0x9c1b, 0x9c9b, 0x1d1e, 0x8d1e, 0x8c9e]) expect(isPchRootPort(id)).toBe(true);
    for (const id of [0x3b41, 0x3b52, 0x9c1c, 0x1d11, 0x1d1f, 0x8d1f, 0x8c91]) expect(isPchRootPort(id)).toBe(false);
  });

  it('with dword registers are ranges', () => {
    for (const id of [0xa110, 0xa11f, 0xa167, 0xa16a, 0xa2e7, 0x9d1b]) expect(isSunrisePointRootPort(id)).toBe(true);
    for (const id of [0xa10f, 0xa120, 0xa166, 0xa16b, 0xa2ef, 0x9d1c]) expect(isSunrisePointRootPort(id)).toBe(false);
  });
});
