import { unknown } from '@isogroups/pci';
import { describe, expect, test } from 'vitest';
import { isFromTheStart, messageOf, rootBusOrder } from './kernel-log.ts';

const START = '[    0.000000] Linux version 6.12';
const bridge = (bus: string): string => `[    0.4] PCI host bridge to bus ${bus}`;
const window = (bus: string): string => `[    0.9] pci_bus ${bus}: resource 4 [io  0x0000-0x0cf7 window]`;
const root = (bus: number, hasRanges = true) => ({ segment: 0, bus, hasRanges: () => hasRanges });
const busses = (log: readonly string[], present = [root(0), root(0x40)]): number[] | undefined =>
  rootBusOrder(log, present)?.map(({ bus }) => bus);

test('the message without its time', () => {
  expect(messageOf('[    0.123456] pci 0000:00:00.0: x')).toBe('pci 0000:00:00.0: x');
  expect(messageOf('<6>[   12.5][    T1] a: b')).toBe('a: b');
  expect(messageOf('no time')).toBe('no time');
});

test('a log from the start of the kernel', () => {
  expect(isFromTheStart(['[    0.000000] Booting Linux on physical CPU 0x0', START])).toBe(true);
  expect(isFromTheStart(['[    2.452884] pci 0000:46:00.0: PCI bridge to [bus 47-54]'])).toBe(false);
});

describe('the order of root busses', () => {
  test('one needs no log', () => {
    expect(rootBusOrder(unknown('why', 'how'), [root(7)])).toEqual([{ segment: 0, bus: 7 }]);
  });

  test('is that in which the host bridges were found', () => {
    expect(busses([START, bridge('0000:40'), bridge('0000:00')])).toEqual([0x40, 0]);
    const vmd = [root(0), { segment: 0x10000, bus: 0xe0, hasRanges: () => true }];
    expect(busses([START, bridge('0000:00'), 'vmd 0000:00:0e.0: PCI host bridge to bus 10000:e0'], vmd)).toEqual([
      0, 0xe0,
    ]);
  });

  test('is unknown without a log, or with one that does not name them', () => {
    expect(rootBusOrder(unknown('why', 'how'), [root(0), root(1)])).toBeUndefined();
    expect(busses([START, bridge('0000:00')])).toBeUndefined();
    expect(busses([])).toBeUndefined();
  });

  test('where the beginning is lost, the one that is not named comes first', () => {
    expect(busses(['[ 2.4] x', bridge('0000:40')])).toEqual([0, 0x40]);
    expect(busses(['[ 2.4] x', bridge('0000:40')], [root(0), root(0x40), root(0x80)])).toBeUndefined();
  });

  test('where all lines of host bridges are lost, those of their windows tell', () => {
    expect(busses(['[ 2.4] x', window('0000:40'), window('0000:41'), window('0000:00')])).toEqual([0x40, 0]);
    expect(busses(['[ 2.4] x', window('0000:40')])).toEqual([0, 0x40]);
    // Without a range on it, the bus had perhaps no window to be told of.
    expect(busses(['[ 2.4] x', window('0000:40')], [root(0, false), root(0x40)])).toBeUndefined();
  });
});
