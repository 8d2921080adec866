/**
 * @module Byte arrays by hand.
 */

/** Numbers up to 32 bits, negative ones too, without the cost of big integers; wider ones have to be 0 or more. */
const number = (size: number, value: number | bigint, littleEndian: boolean): Uint8Array => {
  const bytes = new Uint8Array(size);
  const put = (i: number, byte: number): void => {
    bytes[littleEndian ? i : size - 1 - i] = byte;
  };
  if (typeof value === 'number' && size <= 4) {
    for (let i = 0; i < size; i++) put(i, (value >>> (8 * i)) & 0xff);
    return bytes;
  }
  let rest = BigInt.asUintN(size * 8, BigInt(value));
  for (let i = 0; i < size; i++) {
    put(i, Number(rest & 0xffn));
    rest >>= 8n;
  }
  return bytes;
};

export const u8 = (value: number): Uint8Array => number(1, value, true);
export const u16 = (value: number): Uint8Array => number(2, value, true);
export const u32 = (value: number): Uint8Array => number(4, value, true);
export const u64 = (value: number | bigint): Uint8Array => number(8, value, true);
/** Big endian, as device trees have them. */
export const be32 = (...values: readonly number[]): Uint8Array => concat(...values.map((v) => number(4, v, false)));

export const zeros = (count: number): Uint8Array => new Uint8Array(count);

/** One byte a character, cut or filled with NUL to `size` where one is given. */
export const ascii = (text: string, size: number = text.length): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => (i < text.length ? text.charCodeAt(i) : 0));

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const p of parts) {
    all.set(p, at);
    at += p.length;
  }
  return all;
};

/** A copy with `part` written over what is at `offset`. */
export const patched = (bytes: Uint8Array, offset: number, part: Uint8Array): Uint8Array => {
  const copy = bytes.slice();
  copy.set(part, offset);
  return copy;
};
