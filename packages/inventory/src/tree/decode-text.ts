/**
 * @module Bytes to text, fast for the short ASCII that names and attributes are.
 */
const decoder = new TextDecoder();

/** UTF-8; what is not becomes U+FFFD. A decoder costs more than all the rest of reading a file of a few characters. */
export function decodeText(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  const part = bytes.subarray(start, end);
  if (part.length > 256) return decoder.decode(part);
  for (let i = 0; i < part.length; i++) {
    if ((part[i] as number) >= 0x80) return decoder.decode(part);
  }
  return String.fromCharCode.apply(null, part as unknown as number[]);
}
