import { describe, expect, it } from 'vitest';
import { diagnosticLog } from '../bytes/diagnostic-log.ts';
import { patched, u8 } from '../encode/bytes.ts';
import { buildConfigSpace, msiCapability, powerManagementCapability } from '../encode/config-space.ts';
import { isUnknown } from '../facts/fact.ts';
import { type CapabilityList, findCapability, readCapabilityList } from './capability-list.ts';
import { configReader } from './config-reader.ts';
import { MSI } from './switchable.ts';

const walk = (bytes: Uint8Array): CapabilityList & { told: (readonly [string, number | undefined])[] } => {
  const log = diagnosticLog('config');
  const list = readCapabilityList(configReader(bytes), log);
  return { ...list, told: log.list().map((d) => [d.message, d.offset] as const) };
};
// 0x40 Power Management, 0x48 MSI.
const two = buildConfigSpace({ capabilities: [powerManagementCapability(false), msiCapability(false)] });

describe('readCapabilityList', () => {
  it('walks the chain to its end', () => {
    const list = walk(two);
    expect([...list.offsets]).toEqual([
      [0x01, 0x40],
      [0x05, 0x48],
    ]);
    expect(list.others).toBeNull();
    expect(list.told).toEqual([]);
  });

  it('knows from the status register alone that there is no list', () => {
    expect(walk(buildConfigSpace({ length: 64 })).others).toBeNull();
  });

  it('starts at 0x14 in a CardBus header', () => {
    const list = walk(buildConfigSpace({ headerType: 2, capabilities: [powerManagementCapability(false)] }));
    expect(list.offsets.get(1)).toBe(0x48);
  });

  it('has no list in a header of unknown layout', () => {
    const list = walk(patched(two, 0x0e, u8(3)));
    expect(list.offsets.size).toBe(0);
    expect(list.others).toBeNull();
  });

  it('ignores the two low bits of a pointer', () => {
    expect(walk(patched(two, 0x34, u8(0x43))).offsets.get(1)).toBe(0x40);
  });

  it('takes the first of two capabilities with one id', () => {
    const list = walk(patched(two, 0x48, u8(0x01)));
    expect([...list.offsets]).toEqual([[0x01, 0x40]]);
  });

  it('keeps what it found before a loop, and says where the loop is', () => {
    const list = walk(patched(two, 0x49, u8(0x40)));
    expect([...list.offsets.keys()]).toEqual([1, 5]);
    expect(list.others).toBeNull();
    expect(list.told).toEqual([['capability list loops back to 0x40; it ends here', 0x49]]);
  });

  it('ends at a pointer into the header', () => {
    const list = walk(patched(two, 0x41, u8(0x3c)));
    expect([...list.offsets.keys()]).toEqual([1]);
    expect(list.told).toEqual([['capability pointer 0x3c points into the header; the list ends here', 0x41]]);
  });

  it('ends at id 0xff', () => {
    const list = walk(patched(two, 0x48, u8(0xff)));
    expect([...list.offsets.keys()]).toEqual([1]);
    expect(list.told[0]?.[1]).toBe(0x48);
  });

  it.each([
    [0x06, 'run as root'],
    [0x34, 'run as root'],
    [0x48, 'run as root'],
    [0xc0, undefined],
  ])('does not know what comes after the end of the window, at byte %i', (length, decidedBy) => {
    const list = walk(patched(two, 0x49, u8(0xe0)).subarray(0, length));
    expect(isUnknown(list.others)).toBe(true);
    expect(list.others?.why).toBe(`configuration space ends at byte ${length}`);
    if (decidedBy !== undefined) expect(list.others?.decidedBy).toBe(decidedBy);
    expect(list.told).toEqual([]);
  });
});

describe('findCapability', () => {
  it('tells of a capability that does not fit into the space', () => {
    const log = diagnosticLog('config');
    const list = walk(patched(patched(two, 0x41, u8(0xfc)), 0xfc, u8(MSI.id)));
    expect(findCapability(list, { ...MSI, size: 8 }, log)).toBe(0xfc);
    expect(log.list()[0]).toMatchObject({ file: 'config', offset: 0xfc, severity: 'warning' });
    expect(log.list()[0]?.message).toContain('MSI capability does not fit below byte 256');
  });
});
