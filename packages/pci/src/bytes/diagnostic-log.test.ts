import { expect, it } from 'vitest';
import { formatDiagnostic } from '../facts/diagnostic.ts';
import { diagnosticLog } from './diagnostic-log.ts';

it('names the file, keeps the order, and counts what is too much', () => {
  const log = diagnosticLog('sys/firmware/acpi/tables/DMAR');
  log.error('structure of length 0', 48);
  for (let i = 0; i < 40; i++) log.warning(`finding ${i}`);
  const told = log.list().map(formatDiagnostic);
  expect(told[0]).toBe('error: sys/firmware/acpi/tables/DMAR at 0x30: structure of length 0');
  expect(told[1]).toBe('warning: sys/firmware/acpi/tables/DMAR: finding 0');
  expect(told).toHaveLength(33);
  expect(told.at(-1)).toContain('9 more findings');
});
