import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PciAddress, parseAddress } from '../../facts/address.ts';
import type { LooseFunction } from '../../facts/assemble-machine.ts';
import { isUnknown, unknown } from '../../facts/fact.ts';
import type { PciFunction } from '../../facts/pci-function.ts';
import { endpoint, machineOf } from '../../testing/build-machine.ts';
import { formatConfigAcs, parseConfigAcs } from './config-acs.ts';
import { type DeviceSelector, formatDeviceSelector, matchesSelector, parseDeviceSelector } from './device-selector.ts';

const id = fc.integer({ min: 0, max: 0xffff });
const devfn = fc.integer({ min: 0, max: 0xff });
const selectors: fc.Arbitrary<DeviceSelector> = fc.oneof(
  fc.record({
    kind: fc.constant('ids' as const),
    vendor: id,
    device: id,
    subsystemVendor: id,
    subsystemDevice: id,
  }),
  fc.record({
    kind: fc.constant('path' as const),
    start: fc.record({ segment: fc.integer({ min: 0, max: 0xffffffff }), bus: devfn, devfn }),
    steps: fc.array(devfn, { maxLength: 6 }),
  }),
);

describe('device selectors', () => {
  it('read ids', () => {
    expect(parseDeviceSelector('pci:8086:3420')).toEqual({
      kind: 'ids',
      vendor: 0x8086,
      device: 0x3420,
      subsystemVendor: 0,
      subsystemDevice: 0,
    });
    expect(parseDeviceSelector('pci:1B36:c:1af4:1100')).toMatchObject({ device: 0xc, subsystemDevice: 0x1100 });
  });

  it('read paths', () => {
    expect(parseDeviceSelector('00:1c.5/00.0/1f.7')).toEqual({
      kind: 'path',
      start: { segment: 0, bus: 0, devfn: 0xe5 },
      steps: [0, 0xff],
    });
    expect(parseDeviceSelector('10000:e1:0.1')).toMatchObject({ start: { segment: 0x10000, bus: 0xe1, devfn: 1 } });
  });

  it.each([
    '',
    'pci:',
    'pci:8086',
    'pci:8086:1:2',
    'pci:18086:1',
    '1c.0',
    '00:20.0',
    '00:1c.8',
    '00:1c.0/',
    '00:1c.0x',
    '00:1c.0,00:1d.0',
  ])('refuse "%s"', (text) => {
    expect(parseDeviceSelector(text)).toBeUndefined();
  });

  it('are the same after being printed and read', () => {
    fc.assert(
      fc.property(selectors, (selector) => {
        expect(parseDeviceSelector(formatDeviceSelector(selector))).toEqual(selector);
      }),
    );
  });
});

describe('matchesSelector', () => {
  const chain = ['0000:00:1c.0', '0000:01:00.0', '0000:02:04.1'].map((text) => parseAddress(text) as PciAddress);
  const names = (text: string, facts: Partial<LooseFunction> = {}): unknown => {
    const f = machineOf([
      endpoint('02:04.1', { facts: { vendor: 0x8086, device: 0x10d3, subsystemVendor: 0x1af4, ...facts } }),
    ]);
    return matchesSelector(parseDeviceSelector(text) as DeviceSelector, f.functions[0] as PciFunction, chain);
  };

  it('compares ids, 0 for any', () => {
    expect(names('pci:8086:10d3')).toBe(true);
    expect(names('pci:0:0')).toBe(true);
    expect(names('pci:8086:0')).toBe(true);
    expect(names('pci:8086:10d4')).toBe(false);
    expect(names('pci:8086:10d3:1af4:0')).toBe(true);
    expect(names('pci:8086:10d3:1af5:0')).toBe(false);
  });

  it('is unknown only where an unknown id decides', () => {
    const device = unknown('a name', 'lspci -nn', [0x10d3, 0x10d4]);
    expect(isUnknown(names('pci:8086:10d3', { device }))).toBe(true);
    expect(names('pci:8086:10d5', { device })).toBe(false);
    expect(names('pci:8087:10d3', { device })).toBe(false);
    expect(names('pci:8086:0', { device })).toBe(true);
    expect(isUnknown(names('pci:8086:10d5', { device: unknown('a name', 'lspci -nn') }))).toBe(true);
  });

  it('follows a path from any bridge above', () => {
    expect(names('02:04.1')).toBe(true);
    expect(names('01:00.0/04.1')).toBe(true);
    expect(names('00:1c.0/00.0/04.1')).toBe(true);
    expect(names('00:1c.0/00.0')).toBe(false);
    expect(names('00:1c.0/00.1/04.1')).toBe(false);
    expect(names('00:1b.0/00.0/04.1')).toBe(false);
    expect(names('00:1d.0/1c.0/00.0/04.1')).toBe(false);
    expect(names('0001:02:04.1')).toBe(false);
  });
});

describe('config_acs entries', () => {
  it('count bits from the right', () => {
    expect(parseConfigAcs('0xxxx01@pci:0:0')).toMatchObject({ mask: 0x43, flags: 0x01 });
    expect(parseConfigAcs('10X@00:1c.0')).toMatchObject({ mask: 0x06, flags: 0x04 });
    expect(parseConfigAcs('xx0011101@pci:0:0')).toMatchObject({ mask: 0x7f, flags: 0x1d });
    expect(parseConfigAcs('@pci:0:0')).toMatchObject({ mask: 0, flags: 0 });
  });

  it.each(['10x', '2@pci:0:0', '1@', '1@1@pci:0:0', '10000000@pci:0:0'])('refuse "%s"', (text) => {
    expect(parseConfigAcs(text)).toBeUndefined();
  });

  it('are the same after being printed and read', () => {
    const bits = fc.array(fc.constantFrom('0', '1', 'x'), { maxLength: 7 }).map((list) => list.join(''));
    fc.assert(
      fc.property(bits, selectors, (text, selector) => {
        const entry = parseConfigAcs(`${text}@${formatDeviceSelector(selector)}`);
        expect(entry).toMatchObject({ bits: text, selector });
        expect(entry && parseConfigAcs(formatConfigAcs(entry))).toEqual(entry);
      }),
    );
  });
});
