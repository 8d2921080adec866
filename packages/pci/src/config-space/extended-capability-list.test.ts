import { describe, expect, it } from 'vitest';
import { diagnosticLog } from '../bytes/diagnostic-log.ts';
import { patched, u16, u32 } from '../encode/bytes.ts';
import {
  acsCapability,
  atsCapability,
  buildConfigSpace,
  expressCapability,
  pciXCapability,
  powerManagementCapability,
} from '../encode/config-space.ts';
import { isUnknown } from '../facts/fact.ts';
import { type CapabilityList, readCapabilityList } from './capability-list.ts';
import { configReader } from './config-reader.ts';
import { readExtendedCapabilityList } from './extended-capability-list.ts';

const walk = (bytes: Uint8Array): CapabilityList & { told: (readonly [string, number | undefined])[] } => {
  const log = diagnosticLog('config');
  const config = configReader(bytes);
  const list = readExtendedCapabilityList(config, readCapabilityList(config, log), log);
  return { ...list, told: log.list().map((d) => [d.message, d.offset] as const) };
};
const express = expressCapability({ type: 4 });
// 0x100 ACS, 0x10c ATS.
const two = buildConfigSpace({ capabilities: [express], extended: [acsCapability(0x1f, 0), atsCapability(true)] });
const header = (id: number, next: number): Uint8Array => u32((id | (1 << 16) | (next << 20)) >>> 0);

describe('which functions have extended space', () => {
  it('a PCI Express function', () => {
    expect([...walk(two).offsets]).toEqual([
      [0x0d, 0x100],
      [0x0f, 0x10c],
    ]);
    expect(walk(two).others).toBeNull();
  });

  it('not a conventional function, whatever its bytes', () => {
    const bytes = buildConfigSpace({
      capabilities: [powerManagementCapability(false)],
      extended: [acsCapability(1, 1)],
    });
    expect(walk(bytes)).toMatchObject({ others: null, told: [] });
    expect(walk(bytes).offsets.size).toBe(0);
  });

  it('not a PCI-X function, but one that runs at 266 or 533 MHz', () => {
    const at = (status: number): number =>
      walk(buildConfigSpace({ capabilities: [pciXCapability(status)], extended: [acsCapability(1, 1)] })).offsets.size;
    expect([at(0), at(0x4000_0000), at(0x8000_0000)]).toEqual([0, 1, 1]);
  });

  it('a host bridge without any capability, if more than 256 bytes were there to read', () => {
    const host = { classCode: 0x060000, extended: [acsCapability(1, 1)] };
    expect(walk(buildConfigSpace(host)).offsets.size).toBe(1);
    expect(walk(buildConfigSpace({ ...host, length: 256 }))).toMatchObject({ others: null });
    expect(walk(buildConfigSpace({ ...host, length: 64 })).others?.decidedBy).toBe('run as root');
  });

  it('unknown where only the first 64 bytes are', () => {
    expect(walk(two.subarray(0, 64)).others?.decidedBy).toBe('run as root');
  });

  it('unknown for a PCI Express function with 256 bytes: Linux may not reach the rest', () => {
    const list = walk(two.subarray(0, 256));
    expect(list.others?.why).toContain('could not be reached');
    expect(list.others?.decidedBy).toContain('pci=nommconf');
  });
});

describe('readExtendedCapabilityList', () => {
  it('takes a first header of zero as an empty list', () => {
    const list = walk(buildConfigSpace({ capabilities: [express] }));
    expect(list).toMatchObject({ others: null, told: [] });
    expect(list.offsets.size).toBe(0);
  });

  it('goes on after a place holder with id 0', () => {
    expect([...walk(patched(two, 0x100, u16(0))).offsets]).toEqual([[0x0f, 0x10c]]);
  });

  it('does not believe all ones in the first place', () => {
    const list = walk(patched(two, 0x100, u32(0xffff_ffff)));
    expect(isUnknown(list.others)).toBe(true);
    expect(list.told).toEqual([['extended configuration space reads all ones', 0x100]]);
  });

  it('ends where all ones stand in a later place', () => {
    const list = walk(patched(two, 0x10c, u32(0xffff_ffff)));
    expect([...list.offsets.keys()]).toEqual([0x0d]);
    expect(list.others).toBeNull();
    expect(list.told[0]?.[1]).toBe(0x10c);
  });

  it('keeps what it found before a loop', () => {
    const list = walk(patched(two, 0x10c, header(0x0f, 0x100)));
    expect(list.offsets.size).toBe(2);
    expect(list.told).toEqual([['extended capability list loops back to 0x100; it ends here', 0x10c]]);
  });

  it('ends at a pointer below 256', () => {
    const list = walk(patched(two, 0x10c, header(0x0f, 0x040)));
    expect(list.told).toEqual([['extended capability pointer 0x40 lies below byte 256; the list ends here', 0x10c]]);
  });

  it('follows 480 links, as Linux does, and no more', () => {
    let bytes = two;
    for (let i = 0; i < 481; i++) {
      bytes = patched(bytes, 0x100 + 4 * i, header(i === 480 ? 0x0f : i === 479 ? 0x1b : 0x0b, 0x100 + 4 * (i + 1)));
    }
    const list = walk(bytes);
    expect([...list.offsets.keys()]).toEqual([0x0b, 0x1b]);
    expect(list.told[0]?.[0]).toContain('longer than 480');
  });

  it('does not know what comes after a cut', () => {
    const list = walk(two.subarray(0, 0x10e));
    expect([...list.offsets.keys()]).toEqual([0x0d]);
    expect(list.others).toMatchObject({ why: 'configuration space ends at byte 270' });
  });
});
