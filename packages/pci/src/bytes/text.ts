/**
 * @module Text in firmware bytes, made safe to print.
 */

/**
 * The text from `start` to the first NUL or `end`. Bytes outside printable ASCII come out as `\x1b`: firmware text ends
 * up on terminals, and it must not be able to steer one.
 */
export function textAt(bytes: Uint8Array, start: number, end: number): string {
  const stop = nulAt(bytes, start, end);
  let text = '';
  for (let i = start; i < stop; i++) {
    const c = bytes[i] as number;
    text += c >= 0x20 && c < 0x7f ? String.fromCharCode(c) : `\\x${c.toString(16).padStart(2, '0')}`;
  }
  return text;
}

/** Index of the first NUL in `[start, end)`, or `end` (at most the array's length) where there is none. */
export function nulAt(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, bytes.length);
  for (let i = start; i < limit; i++) if (bytes[i] === 0) return i;
  return limit;
}

/** `0x1f`: numbers in messages. */
export function hex(n: number | bigint): string {
  return `0x${n.toString(16)}`;
}
