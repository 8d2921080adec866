import { expect, it } from 'vitest';
import { withChecksum } from '../encode/acpi-table.ts';
import { concat, patched, u32, zeros } from '../encode/bytes.ts';
import { buildMcfg, mcfgWindow } from '../encode/mcfg.ts';
import { decodeMcfg } from './decode-mcfg.ts';

const good = mcfgWindow(0xb000_0000n, 2, 0x40, 0x7f);

it('decodes windows', () => {
  expect(decodeMcfg(buildMcfg(good, mcfgWindow(0x1_0000_0000n, 0, 0, 255)), 'MCFG')).toEqual({
    table: {
      kind: 'mcfg',
      windows: [
        { base: 0xb000_0000n, segment: 2, firstBus: 0x40, lastBus: 0x7f },
        { base: 0x1_0000_0000n, segment: 0, firstBus: 0, lastBus: 255 },
      ],
    },
    diagnostics: [],
  });
});

it('leaves out a window that ends before it starts', () => {
  const { table, diagnostics } = decodeMcfg(buildMcfg(mcfgWindow(1n, 0, 9, 8), good), 'MCFG');
  expect(table?.windows).toMatchObject([{ segment: 2 }]);
  expect(diagnostics).toMatchObject([{ file: 'MCFG', offset: 44, severity: 'error' }]);
});

it('tells of half a window', () => {
  const whole = concat(buildMcfg(good), zeros(8));
  const { table, diagnostics } = decodeMcfg(withChecksum(patched(whole, 4, u32(whole.length))), 'MCFG');
  expect(table?.windows).toHaveLength(1);
  expect(diagnostics).toMatchObject([{ offset: 60, severity: 'warning' }]);
});

it('another table is none', () => {
  expect(decodeMcfg(zeros(60), 'MCFG').table).toBeUndefined();
});
