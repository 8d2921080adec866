/**
 * @module Builds IVRS tables.
 */
import { buildAcpiTable } from './acpi-table.ts';
import { ascii, concat, u8, u16, u32, u64, zeros } from './bytes.ts';

export const buildIvrs = (...blocks: readonly Uint8Array[]): Uint8Array =>
  buildAcpiTable('IVRS', u32(0x0000_2800), zeros(8), ...blocks);

export interface IvhdRecipe {
  readonly type?: number;
  readonly flags?: number;
  readonly deviceId?: number;
  readonly mmioBase?: bigint;
  readonly segment?: number;
}

export function ivhd(recipe: IvhdRecipe, ...entries: readonly Uint8Array[]): Uint8Array {
  const type = recipe.type ?? 0x10;
  const rest = concat(
    u16(recipe.deviceId ?? 0x0002),
    u16(0x40),
    u64(recipe.mmioBase ?? 0xfeb8_0000n),
    u16(recipe.segment ?? 0),
    u16(0),
    u32(0),
    zeros(type === 0x10 ? 0 : 16),
    ...entries,
  );
  return concat(u8(type), u8(recipe.flags ?? 0), u16(4 + rest.length), rest);
}

const four = (type: number, deviceId: number, flags: number): Uint8Array => concat(u8(type), u16(deviceId), u8(flags));

export const ivhdPad = (): Uint8Array => four(0x00, 0, 0);
export const ivhdPad8 = (): Uint8Array => concat(four(0x40, 0, 0), zeros(4));
export const ivhdAll = (flags: number = 0): Uint8Array => four(0x01, 0, flags);
export const ivhdSelect = (deviceId: number, flags: number = 0): Uint8Array => four(0x02, deviceId, flags);
export const ivhdRangeStart = (deviceId: number, flags: number = 0): Uint8Array => four(0x03, deviceId, flags);
export const ivhdRangeEnd = (deviceId: number): Uint8Array => four(0x04, deviceId, 0);
const alias = (type: number, deviceId: number, seenAs: number): Uint8Array =>
  concat(four(type, deviceId, 0), u8(0), u16(seenAs), u8(0));
export const ivhdAlias = (deviceId: number, seenAs: number): Uint8Array => alias(0x42, deviceId, seenAs);
export const ivhdAliasRangeStart = (deviceId: number, seenAs: number): Uint8Array => alias(0x43, deviceId, seenAs);
const extended = (type: number, deviceId: number, flags: number): Uint8Array =>
  concat(four(type, deviceId, 0), u32(flags));
export const ivhdExtended = (deviceId: number, flags: number): Uint8Array => extended(0x46, deviceId, flags);
export const ivhdExtendedRangeStart = (deviceId: number, flags: number): Uint8Array => extended(0x47, deviceId, flags);
/** `variety`: 1 IOAPIC, 2 HPET. */
export const ivhdSpecial = (variety: number, handle: number, deviceId: number, flags: number = 0): Uint8Array =>
  concat(four(0x48, 0, flags), u8(handle), u16(deviceId), u8(variety));
export const ivhdAcpi = (deviceId: number, hid: string, uidFormat: number, uid: Uint8Array): Uint8Array =>
  concat(four(0xf0, deviceId, 0), ascii(hid, 8), ascii('', 8), u8(uidFormat), u8(uid.length), uid);

/** `type`: 0x20 all devices, 0x21 one, 0x22 a range that ends at `last`. `flags`: 1 unity map, 8 exclusion range. */
export const ivmd = (
  type: number,
  flags: number,
  deviceId: number,
  last: number,
  start: bigint,
  length: bigint,
  segment: number = 0,
): Uint8Array =>
  concat(u8(type), u8(flags), u16(32), u16(deviceId), u16(last), u16(segment), zeros(6), u64(start), u64(length));
