import { describe, expect, it } from 'vitest';
import type { LooseFunction } from '../facts/assemble-machine.ts';
import { unknown } from '../facts/fact.ts';
import type { PciFunction } from '../facts/pci-function.ts';
import { parseKernelRelease, rulesOf } from '../kernel/series.ts';
import { endpoint, machineOf } from '../testing/build-machine.ts';
import { DMA_ALIAS_QUIRKS, dmaAliasDoubt, dmaAliasMask } from './dma-alias-quirks.ts';

const rules = rulesOf(parseKernelRelease('7.1.5'));
const at = (address: string, facts: Partial<LooseFunction>): PciFunction =>
  machineOf([endpoint(address, { facts })]).functions[0] as PciFunction;
const mask = (address: string, facts: Partial<LooseFunction>): readonly number[] =>
  dmaAliasMask(at(address, facts), rules);

describe('dmaAliasMask', () => {
  it('is empty for most functions, one and the same object', () => {
    expect(mask('01:00.0', { vendor: 0x8086, device: 0x10d3 })).toEqual([]);
    expect(mask('01:00.0', { vendor: 0x8086, device: 1 })).toBe(mask('02:00.0', { vendor: 0x10de, device: 2 }));
  });

  it('points to another function of the slot, and not to itself', () => {
    expect(mask('01:02.0', { vendor: 0x1b4b, device: 0x9230 })).toEqual([0x11]);
    expect(mask('01:02.1', { vendor: 0x1b4b, device: 0x9230 })).toEqual([]);
    expect(mask('01:02.3', { vendor: 0x1180, device: 0xe832 })).toEqual([0x10]);
    expect(mask('01:02.0', { vendor: 0x1180, device: 0xe832 })).toEqual([]);
  });

  it('names fixed functions of the bus', () => {
    expect(mask('01:00.0', { vendor: 0x8086, device: 0x2260 })).toEqual([0x80, 0x88, 0x93]);
    const vca = mask('01:00.0', { vendor: 0x8086, device: 0x2954 });
    expect(vca).toHaveLength(160);
    expect(vca.every((devfn) => (devfn & 7) <= 4)).toBe(true);
    expect(mask('01:00.0', { vendor: 0x10b5, device: 0x87b1 })).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  it('needs the subsystem where the row names one', () => {
    const adaptec = { vendor: 0x9005, device: 0x0285, subsystemVendor: 0x9005 };
    expect(mask('01:00.0', { ...adaptec, subsystemDevice: 0x02bc })).toEqual([0x08]);
    expect(mask('01:00.0', { ...adaptec, subsystemDevice: 0x02bd })).toEqual([]);
  });

  it('is for certain ids only', () => {
    const device = unknown('only its name is given', 'lspci -nn', [0x9230, 0x9999]);
    expect(mask('01:02.0', { vendor: 0x1b4b, device })).toEqual([]);
    const sure = unknown('only its name is given', 'lspci -nn', [0x9230, 0x9235]);
    expect(mask('01:02.0', { vendor: 0x1b4b, device: sure })).toEqual([0x11]);
  });
});

describe('dmaAliasDoubt', () => {
  const doubt = (facts: Partial<LooseFunction>, release = '7.1.5'): string | undefined =>
    dmaAliasDoubt(at('01:00.0', facts), rulesOf(parseKernelRelease(release)))?.why;

  it('is none where the ids say it all', () => {
    expect(doubt({ vendor: 0x1b4b, device: 0x9230 })).toBeUndefined();
    expect(doubt({ vendor: 0x10de, device: unknown('a name', 'lspci -nn') })).toBeUndefined();
  });

  it('is there for switches whose table stands in memory, in releases that know them', () => {
    expect(doubt({ vendor: 0x11f8, device: 0x8531, classCode: 0x068000 })).toMatch(/Switchtec.*BAR 0/);
    expect(doubt({ vendor: 0x11f8, device: 0x8531, classCode: 0x060400 })).toBeUndefined();
    expect(doubt({ vendor: 0x1055, device: 0x1001, classCode: 0x068000 })).toMatch(/PCI100x/);
    expect(doubt({ vendor: 0x1055, device: 0x1001, classCode: 0x068000 }, '6.12.15')).toBeUndefined();
  });

  it('is there for ids that may be those of a row', () => {
    expect(doubt({ vendor: 0x1b4b, device: unknown('a name', 'lspci -nn', [0x9230, 1]) })).toBe('a name');
    expect(doubt({ vendor: 0x1b4b, device: unknown('a name', 'lspci -nn', [2, 1]) })).toBeUndefined();
    expect(doubt({ vendor: unknown('no name', 'lspci -nn'), device: 0x9230 })).toBe('no name');
  });
});

it('names no pair of ids in two rows', () => {
  const ids = DMA_ALIAS_QUIRKS.flatMap((row) => row.devices.map((device) => `${row.vendor}:${device}`));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(133);
});
