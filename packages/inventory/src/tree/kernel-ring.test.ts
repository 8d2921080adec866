import { expect, test } from 'vitest';
import { formatRecord, readKernelRing } from './kernel-ring.ts';

test('a record is a line as dmesg prints it', () => {
  expect(formatRecord('6,339,5140900,-;NET: Registered protocol family\n SUBSYSTEM=net\n')).toEqual([
    '[    5.140900] NET: Registered protocol family',
  ]);
  expect(formatRecord('4,1,12345678901,c;a;b')).toEqual(['[12345.678901] a;b']);
});

test('a record of several lines is several lines, all with the time', () => {
  expect(formatRecord('6,1,0,-;one\\x0atwo')).toEqual(['[    0.000000] one', '[    0.000000] two']);
});

test('what is no record is nothing', () => {
  expect(formatRecord('')).toEqual([]);
  expect(formatRecord('no semicolon')).toEqual([]);
  expect(formatRecord('6;no time')).toEqual([]);
});

test('a device that is not there, and one that never ends', () => {
  expect(readKernelRing('/dev/nowhere')).toMatchObject({ reason: 'missing' });
  expect(readKernelRing('/dev/null')).toEqual([]);
  // Bounded by the limit on bytes; it has no record in it.
  expect(readKernelRing('/dev/zero')).toEqual([]);
});
