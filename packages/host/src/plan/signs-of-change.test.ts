import { expect, it } from 'vitest';
import { memoryTreeOf } from '../../../inventory/src/testing/tree-entries.ts';
import { readSigns, showNoChange } from './signs-of-change.ts';

const FILES = {
  'proc/uptime': '100.50 80.00',
  'sys/kernel/uevent_seqnum': '2112',
  'proc/1/mountinfo': '22 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw',
  'proc/swaps': 'Filename Type Size Used Priority',
};
const signs = (files: Partial<typeof FILES> = {}) => readSigns(memoryTreeOf({ ...FILES, ...files }));
const before = signs();

it('believes a look for a second', () => {
  expect(showNoChange(before, signs({ 'proc/uptime': '101.49 80.00' }))).toBe(true);
  expect(showNoChange(before, signs({ 'proc/uptime': '101.51 80.00' }))).toBe(false);
  expect(showNoChange(before, signs({ 'proc/uptime': '3.00 1.00' }))).toBe(false);
});

it.each([
  ['sys/kernel/uevent_seqnum', '2113'],
  ['proc/1/mountinfo', `${FILES['proc/1/mountinfo']}\n30 22 259:1 / /srv rw - ext4 /dev/nvme1n1 rw`],
  ['proc/swaps', `${FILES['proc/swaps']}\n/dev/nvme1n1p1 partition 1024 0 -2`],
])('does not once %s is another', (file, text) => {
  expect(showNoChange(before, signs({ [file]: text }))).toBe(false);
});

it.each(Object.keys(FILES))('does not where %s cannot be read', (file) => {
  const { [file as keyof typeof FILES]: _, ...rest } = FILES;
  const without = readSigns(memoryTreeOf(rest));
  expect(showNoChange(without, without)).toBe(false);
});

it('does not believe a plan that tells no signs', () => {
  expect(showNoChange(undefined, before)).toBe(false);
});
